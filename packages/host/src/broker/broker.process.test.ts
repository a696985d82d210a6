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

// Any other broker: root's on this machine, in a container, or behind a forwarded socket.
const { USHER_TEST_BROKER: socketPath, USHER_TEST_BROKER_PEOPLE = '', USHER_TEST_BROKER_STRANGER: stranger } = process.env;
const [first, second] = USHER_TEST_BROKER_PEOPLE.split(',');
if (socketPath !== undefined && first !== undefined && second !== undefined && stranger !== undefined) {
  brokerContract(`the broker at ${socketPath}`, () =>
    Promise.resolve({ socketPath, people: [first, second] as const, stranger, [Symbol.asyncDispose]: () => Promise.resolve() }),
  );
}
