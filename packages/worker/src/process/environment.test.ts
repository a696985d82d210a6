import { afterEach, describe, expect, it } from 'vitest';
import { childEnvironment } from './environment.ts';

const own = { ...process.env };
afterEach(() => {
  process.env = { ...own };
});

describe('the environment of what the worker starts', () => {
  it('SEC: holds what tells who and where one is, and nothing that Usher was told', () => {
    process.env = { HOME: '/home/kid', LC_TIME: 'de_DE.UTF-8', USHER_TOKEN: 'secret', XAUTHORITY: '/elsewhere', NODE_OPTIONS: '--inspect' };
    expect(childEnvironment({})).toEqual({
      HOME: '/home/kid',
      LC_TIME: 'de_DE.UTF-8',
      LANG: 'C.UTF-8',
      PATH: '/usr/local/bin:/usr/bin:/bin',
    });
  });

  it('P7.2: what is added counts more than what is passed on', () => {
    process.env = { HOME: '/home/kid', XDG_RUNTIME_DIR: '/run/user/1' };
    expect(childEnvironment({ XDG_RUNTIME_DIR: '/mine', DISPLAY: ':7' })).toMatchObject({ XDG_RUNTIME_DIR: '/mine', DISPLAY: ':7' });
  });
});
