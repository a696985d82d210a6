import type { Lab } from '../lab.ts';
import { prepareMachine } from '../vm/prepare.ts';

export const usbStormsLab: Lab = {
  name: 'usb-storms',
  proves: 'a thousand opens, closes, pulled cables, lost connections and resumes leave nothing behind; only when it is named',
  folder: 'tests/lab/usb-storms',
  onlyWhenNamed: true,
  async prepare(say) {
    await prepareMachine(say);
  },
};
