import type { Lab } from '../lab.ts';
import { prepareMachine } from '../vm/prepare.ts';

export const usbLab: Lab = {
  name: 'usb',
  proves: 'the packaged USB agent, as an ordinary user, on a real Linux kernel with devices that come, go, freeze and lie',
  folder: 'tests/lab/usb',
  async prepare(say) {
    await prepareMachine(say);
  },
};
