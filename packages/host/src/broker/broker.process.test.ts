import { fileURLToPath } from 'node:url';
import { brokerContract } from '../../testing/broker-contract.ts';
import { TestBroker } from '../../testing/test-broker.ts';

const RELAY_WORKER = fileURLToPath(new URL('../../testing/programs/relay-worker.ts', import.meta.url));
const WORKER = [process.execPath, '--conditions=@usher/source', '--import', 'tsx', RELAY_WORKER] as const;

brokerContract('the broker of the tests', async () => {
  const accounts = { kid: undefined, zoe: undefined, guest: 'NotMember', root: 'SystemAccount' } as const;
  const broker = await TestBroker.listen({ accounts, worker: WORKER });
  return {
    socketPath: broker.socketPath,
    people: ['kid', 'zoe'],
    stranger: 'guest',
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  };
});
