import { describe, expect, it } from 'vitest';
import { type GraphicsNodes, graphicsLacks } from './account.ts';

/** A machine whose nodes belong to these groups; what is in `open` may be used. */
function machine(groups: Readonly<Record<string, string>>, open: readonly string[] = []): GraphicsNodes {
  return { names: () => Object.keys(groups), mayUse: (name) => open.includes(name), groupOf: (name) => groups[name] ?? 'root' };
}

const GPU = { renderD128: 'render', card0: 'video', 'by-path': 'root' };
const RENDER = "kid is not in group render, and can't use /dev/dri/renderD128: sudo usermod -aG render kid";
const VIDEO = "kid is not in group video, and can't use /dev/dri/card0: sudo usermod -aG video kid";

describe('what an account lacks (requirement P6.5)', () => {
  it.each([
    ['nothing on a machine without a graphics card', machine({}), []],
    ['nothing where no card renders', machine({ card0: 'video' }), []],
    ['nothing in both groups', machine(GPU, ['renderD128', 'card0']), []],
    ['the group of the render node', machine(GPU, ['card0']), [RENDER]],
    ['both groups', machine(GPU), [RENDER, VIDEO]],
    [
      'a group once, whatever the number of its nodes',
      machine({ renderD128: 'render', renderD129: 'render' }),
      [RENDER.replace('128', '129')],
    ],
  ])('P6.5: %s', (_case, nodes, expected) => {
    expect(graphicsLacks('kid', nodes)).toEqual(expected);
  });

  it('P6.5: this machine is asked itself', () => {
    expect(() => graphicsLacks('kid')).not.toThrow();
  });
});
