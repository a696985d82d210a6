// A child for tests of the supervision, without anything of the product: it speaks envelopes (u32 big-endian length, then the message).
// The first argument says how it behaves.
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';

const [behaviour] = process.argv.slice(2);

/** @param {Uint8Array} message */
function say(message) {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(message.length);
  writeSync(1, Buffer.concat([header, message]));
}

switch (behaviour) {
  case 'echo': {
    let pending = Buffer.alloc(0);
    process.stdin.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE()) {
        const end = 4 + pending.readUInt32BE();
        say(pending.subarray(4, end));
        pending = pending.subarray(end);
      }
    });
    break;
  }
  case 'environment':
    say(Buffer.from(JSON.stringify(process.env)));
    process.stdin.resume();
    break;
  case 'last-words':
    process.stderr.write('about to end\n');
    for (let count = 0; count < 100; count += 1) say(Buffer.alloc(1000, count));
    process.exit(3);
    break;
  case 'too-long':
    writeSync(1, Buffer.from([0xff, 0xff, 0xff, 0xff]));
    process.stdin.resume();
    break;
  case 'stubborn':
    // Ends for nobody, and has started something that doesn't either.
    process.on('SIGTERM', () => {});
    process.stdin.resume();
    setInterval(() => {}, 1000);
    say(Buffer.from(String(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).pid)));
    break;
  case 'leaves-orphan':
    say(Buffer.from(String(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).pid)));
    process.kill(process.pid, 'SIGKILL');
    break;
  case 'deaf':
    say(Buffer.from('up'));
    setInterval(() => {}, 1000);
    break;
  default:
    throw new Error(`unknown behaviour ${behaviour}`);
}
