/**
 * Stands in for the host, with its uid: has the broker open an account whose worker is relay-worker.ts, reads what comes as the host does, and
 * prints how old each picture was once it was read, and what reading cost.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { brokerToken, decodeWorkerMessage, EnvelopeDecoder, fingerprint, MAX_RELAY_MESSAGE, profileId } from '@usher/protocol';
import { openSession } from '../../../packages/host/src/broker/open-session.ts';

const [socketPath = '', account = ''] = process.argv.slice(2);
const profile = profileId('0123456789ab');
const device = fingerprint('ab'.repeat(32));

const control = connect(socketPath);
const ask = async (line: string): Promise<string> => {
  control.write(`${line}\n`);
  return String((await once(control, 'data'))[0]).trim(); // the broker answers each line by one of a few bytes
};
const token = brokerToken((await ask('HELLO 1')).replace('OK ', ''));
await ask(`BIND ${profile} ${account}`);
const opened = await openSession(socketPath, { type: 'open', token, profile, device }, new AbortController().signal);
if (opened.outcome === 'refused') throw new Error(`the broker refused: ${opened.refusal}`);

const decoder = new EnvelopeDecoder(MAX_RELAY_MESSAGE);
const agesUs: number[] = [];
const before = process.cpuUsage();
const read = (bytes: Uint8Array) => {
  for (const message of decoder.push(bytes)) {
    const now = process.hrtime.bigint() / 1000n;
    const said = decodeWorkerMessage(message);
    if (said.type === 'video') agesUs.push(Number(now - said.capturedUs));
    if (said.type === 'launched') finish(Number(said.problem));
  }
};
read(opened.first);
opened.socket.on('data', read).resume();

function finish(workerCpuUs: number): void {
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`${JSON.stringify({ agesUs, workerCpuUs, hostCpuUs: user + system })}\n`, () => process.exit());
}
