import { deserialize, serialize } from 'node:v8';
import { EnvelopeDecoder, envelope } from '@usher/protocol';
import { openLibusb } from '../../../../packages/usb-agent/src/backends/libusb/libusb-backend.ts';
import { startOwn } from '../../../../packages/usb-agent/src/own-process.ts';
import type { RemoteMessage } from '../../../../packages/usb-agent/testing/remote-backend.ts';
import { serveBackend } from '../../../../packages/usb-agent/testing/serve-backend.ts';

// The agent's libusb backend without the agent, for the contract that every backend is held to. Its calls come from the lab over stdin.

/** A transfer of 1 MiB, and what says whose it is. */
const MAX_MESSAGE = 2 * 1024 * 1024;
/** The packaged agent: its devices run in processes of that. */
const [, , entry = ''] = process.argv;

const nothing = () => undefined;
const backend = await openLibusb({
  guard: { stand: nothing, detaching: nothing, restored: nothing, giveBack: nothing },
  startDevice: () => startOwn('device', { isDetached: false, output: 'pipe', entry }),
});
const take = serveBackend(backend, (answer) => process.stdout.write(envelope(serialize(answer))));
const decoder = new EnvelopeDecoder(MAX_MESSAGE);
process.stdin.on('data', (chunk: Uint8Array) => {
  for (const message of decoder.push(chunk)) take(deserialize(message) as RemoteMessage); // written by the lab, with the same Node
});
process.stdin.once('end', () => process.exit(0));
