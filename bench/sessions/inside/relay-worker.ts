/**
 * Stands in for the worker of a session: sends pictures at a rate by the worker's own way out, each stamped when it is handed over, and tells
 * at the end what that cost.
 */
import { Socket } from 'node:net';
import { VideoCodec } from '@usher/protocol';
import { Outbox } from '../../../packages/worker/src/relay/outbox.ts';
import { BYTES_EACH, MEASURED_SECONDS, PICTURES_PER_SECOND } from '../relay-load.ts';

const data = new Uint8Array(BYTES_EACH);
const stdout = new Socket({ fd: 1, readable: false, writable: true });
stdout.on('error', () => process.exit(1));
const outbox = new Outbox(stdout, { blocked: () => {}, drained: () => {} });
outbox.send({ type: 'hello', account: 'bench', lacks: [] });

const before = process.cpuUsage();
let left = PICTURES_PER_SECOND * MEASURED_SECONDS;
const timer = setInterval(() => {
  const now = process.hrtime.bigint() / 1000n;
  outbox.send({ type: 'video', codec: VideoCodec.H264, key: false, width: 1920, height: 1080, changedUs: now, capturedUs: now, data });
  left -= 1;
  if (left === 0) finish();
}, 1000 / PICTURES_PER_SECOND);

function finish(): void {
  clearInterval(timer);
  const { user, system } = process.cpuUsage(before);
  outbox.send({ type: 'launched', title: 'microseconds of a core', problem: String(user + system) });
  void outbox.flush().then(() => process.exit());
}
