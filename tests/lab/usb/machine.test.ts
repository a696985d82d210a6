import { expect, it } from 'vitest';
import { Machine } from '../vm/machine.ts';

it('design §7: the lab’s machine runs a kernel of its own, and an ordinary user of it has no rights', async () => {
  await using machine = await Machine.start();
  const { ended, output } = await machine.run(['sh', '-c', 'id -un; cat /proc/self/status | grep CapEff; test -w /project || exit 42'], {
    asUser: true,
  });
  expect(output).toBe('visitor\nCapEff:\t0000000000000000\n');
  expect(ended).toBe(42);
});
