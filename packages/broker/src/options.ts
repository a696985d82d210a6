import { parseArgs } from 'node:util';

export interface BrokerArguments {
  /** The account that the host runs as: nobody else is answered. */
  readonly hostUser: string;
  readonly launcher: 'systemd-run' | 'setpriv';
  /** Bundled worker, started by the Node that runs the broker. */
  readonly worker: string;
  /** What PID 1 runs when a session ends. */
  readonly reaper: string;
  readonly state: string;
  /** Where to listen; undefined takes the socket that systemd hands over. */
  readonly socket: string | undefined;
}

/** The command line; there is no file and no variable of ours, because whatever root reads is one more thing to guard. @throws TypeError. */
export function readArguments(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): BrokerArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'host-user': { type: 'string', default: 'usher' },
      launcher: { type: 'string', default: 'systemd-run' },
      worker: { type: 'string', default: '/usr/lib/usher/worker/dist/main.js' },
      reaper: { type: 'string', default: '/usr/lib/usher-broker/reap-sessions' },
      state: { type: 'string', default: environment['STATE_DIRECTORY'] ?? '/var/lib/usher-broker' },
      socket: { type: 'string' },
    },
  });
  const { launcher, worker, reaper, state, socket } = values;
  if (launcher !== 'systemd-run' && launcher !== 'setpriv') throw new TypeError('--launcher is systemd-run or setpriv');
  for (const [name, path] of Object.entries({ worker, reaper, state, socket })) {
    if (path !== undefined && !/^\/[\w./-]+$/.test(path))
      throw new TypeError(`--${name} is an absolute path of letters, digits, "_", "." and "-"`);
  }
  return { hostUser: values['host-user'], launcher, worker, reaper, state, socket };
}
