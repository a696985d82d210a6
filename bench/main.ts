/** `npm run bench -- NAME [--quick]`: measures one thing against a peer in the same run, and says whether the bounds of the issue hold. */
import { connectBench } from './connect/connect-bench.ts';
import { consoleBench } from './console/console-bench.ts';
import { sessionsBench } from './sessions/sessions-bench.ts';
import { streamBench } from './stream/stream-bench.ts';
import { usbLoopbackBench } from './usb/loopback-bench.ts';
import { usbBench } from './usb/usb-bench.ts';

const BENCHES: Readonly<Record<string, (quick: boolean) => Promise<boolean>>> = {
  connect: connectBench,
  console: consoleBench,
  sessions: sessionsBench,
  stream: streamBench,
  usb: usbBench,
  'usb-loopback': usbLoopbackBench,
};

const [name = '', ...flags] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined || flags.some((flag) => flag !== '--quick')) {
  console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--quick]`);
  process.exitCode = 2;
} else {
  const held = await bench(flags.includes('--quick'));
  process.exit(held ? 0 : 1); // libdatachannel's threads keep a process alive that has made connections
}
