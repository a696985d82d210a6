import { deserialize, serialize } from 'node:v8';
import { EnvelopeDecoder, envelope } from '@usher/protocol';
import { describeBackend } from '@usher/usb/testing';
import { afterAll, beforeAll } from 'vitest';
import { type RemoteAnswer, RemoteBackend, type RemoteLink } from '../../../packages/usb-agent/testing/remote-backend.ts';
import { bundle } from '../vm/bundle.ts';
import type { GuestProcess } from '../vm/guest-link.ts';
import { PROJECT } from '../vm/machine.ts';
import { UsbLab } from './usb-lab.ts';

const SERIAL = 'CONTRACT-1';
const MAX_MESSAGE = 2 * 1024 * 1024;

let lab: UsbLab;
let program: string;
beforeAll(async () => {
  lab = await UsbLab.start();
  await lab.letUserAt('1209:0001');
  const source = await bundle(new URL('./guest/backend-process.ts', import.meta.url), ['usb']);
  program = await lab.machine.install('backend.mjs', source);
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

describeBackend('libusb on a real kernel', async () => {
  const board = await lab.plug({ kind: 'board', serial: SERIAL });
  await lab.untilSeen('1209', '0001');
  const process = lab.machine.start(['node', program, `${PROJECT}/packages/usb-agent/dist/main.js`], { asUser: true });
  const link = await serving(process);
  const backend = new RemoteBackend(link);
  const told = () => new Promise<void>((resolve) => backend.onHotplug(() => resolve()));
  let twin: Awaited<ReturnType<UsbLab['plug']>> | undefined;
  return {
    backend,
    query: { vendorId: '1209', productId: '0001', serial: SERIAL },
    silent: { endpoint: 0x81, kind: 'bulk' },
    async plugTwin() {
      const arrived = told();
      twin = await lab.plug({ kind: 'board', serial: 'CONTRACT-2' });
      await arrived;
      await lab.untilSeen('1209', '0001', 2);
    },
    async unplug() {
      const left = told();
      await board.pull();
      await left;
    },
    async end() {
      await backend.close();
      await Promise.all([board.die(), twin?.die()]);
      await lab.untilGone('1209', '0001');
    },
  };
});

/** Resolves when the program in the guest serves its backend. */
async function serving(process: GuestProcess): Promise<RemoteLink> {
  const decoder = new EnvelopeDecoder(MAX_MESSAGE);
  let listener: (answer: RemoteAnswer) => void = () => undefined;
  const ready = new Promise<boolean>((resolve) => {
    process.on('output', (bytes) => {
      for (const message of decoder.push(bytes)) {
        const answer = deserialize(message) as RemoteAnswer; // written by our own program, with the same Node
        if (answer.kind === 'ready') resolve(true);
        else listener(answer);
      }
    });
    void process.ended.then(() => resolve(false));
  });
  if (!(await ready)) throw new Error(`the backend did not start\n${process.complaints}`);
  return {
    send: (message) => process.write(envelope(serialize(message))),
    onAnswer: (added) => {
      listener = added;
    },
    end: () => process.kill(),
  };
}
