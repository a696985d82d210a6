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

let picturesLeft = PICTURES_PER_SECOND * MEASURED_SECONDS;
/** The timer alone, which an encoder would have too, is no part of the relay's cost. */
let ticksWithout = picturesLeft;
let before = process.cpuUsage();
let timerUs = 0;
const timer = setInterval(() => {
  if (ticksWithout > 0) {
    ticksWithout -= 1;
    if (ticksWithout === 0) timerUs = sinceLast();
    return;
  }
  const now = process.hrtime.bigint() / 1000n;
  outbox.send({ type: 'video', codec: VideoCodec.H264, key: false, width: 1920, height: 1080, changedUs: now, capturedUs: now, data });
  picturesLeft -= 1;
  if (picturesLeft === 0) finish(sinceLast() - timerUs);
}, 1000 / PICTURES_PER_SECOND);

/** Microseconds of a core since this was last asked. */
function sinceLast(): number {
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  return user + system;
}

function finish(costUs: number): void {
  clearInterval(timer);
  outbox.send({ type: 'launched', title: 'microseconds of a core', problem: String(Math.max(costUs, 0)) });
  void outbox.flush().then(() => process.exit());
}
