import { describe, expect, it } from 'vitest';
import { readArguments } from './options.ts';

describe('the command line', () => {
  it('P6.8: has what the package needs where nothing is said', () => {
    expect(readArguments([], { STATE_DIRECTORY: '/var/lib/usher-broker' })).toEqual({
      hostUser: 'usher',
      launcher: 'systemd-run',
      worker: '/usr/lib/usher/worker/dist/main.js',
      reaper: '/usr/lib/usher-broker/reap-sessions',
      state: '/var/lib/usher-broker',
      socket: undefined,
    });
  });

  it('P6.8: names another launcher, socket and state', () => {
    const args = ['--launcher', 'setpriv', '--socket', '/run/s.sock', '--state', '/srv/state', '--host-user', 'host'];
    expect(readArguments(args, {})).toMatchObject({ launcher: 'setpriv', socket: '/run/s.sock', state: '/srv/state', hostUser: 'host' });
  });

  it.each([
    ['a launcher that is not there', ['--launcher', 'sudo']],
    ['an option that is not there', ['--as-root']],
    ['a word', ['worker.js']],
    ['a relative worker', ['--worker', 'worker.js']],
    ['a reaper with a word behind it', ['--reaper', '/bin/sh -c id']],
    ['a socket with a line feed', ['--socket', '/run/a\nb']],
    ['a state directory for systemd to expand', ['--state', '/var/%i']],
  ])('P6.2: refuses %s', (_what, args) => {
    expect(() => readArguments(args, {})).toThrow(TypeError);
  });
});
