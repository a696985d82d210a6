import { describe, expect, it } from 'vitest';
import type { Machine } from './machine.ts';
import { checkPeople } from './people.ts';

const SOCKET = '/run/usher-broker/broker.sock';
const PASSWD = [
  'root:x:0:0:root:/root:/bin/bash',
  'usher:x:998:998::/var/lib/usher:/usr/sbin/nologin',
  'kid:x:1001:1001::/home/kid:/bin/bash',
  'zoe:x:1002:1002::/home/zoe:/bin/zsh',
  'robot:x:1003:1003::/:/usr/sbin/nologin',
  'nobody:x:65534:65534::/:/bin/sh',
].join('\n');

interface Given {
  readonly socket?: number;
  readonly pam?: boolean;
  readonly group?: string;
  readonly passwd?: string;
  readonly uid?: number;
  /** Whether a graphics card renders. */
  readonly card?: boolean;
}

/** A machine with the broker's package, where kid may be opened. */
function checked({ socket = 0o600, pam = true, group = 'usher-users:x:997:kid', passwd = PASSWD, uid = 1000, card = false }: Given) {
  const files: Readonly<Record<string, string>> = { '/etc/group': `root:x:0:\n${group}\n`, '/etc/passwd': passwd, '/etc/login.defs': '' };
  const machine: Machine = {
    nodeVersion: '20.20.2',
    uid,
    hasProgram: () => Promise.resolve(true),
    hasLibrary: () => Promise.resolve(true),
    hasGStreamerPlugin: () => Promise.resolve(true),
    hasFile: (path) => Promise.resolve(pam && path === '/etc/pam.d/usher'),
    nativeProblem: () => Promise.resolve(undefined),
    inspect: (path) => {
      if (path === '/dev/dri/renderD128') return Promise.resolve(card ? { uid: 0, mode: 0o660, directory: false } : undefined);
      return Promise.resolve(socket === 0 || path !== SOCKET ? undefined : { uid: 998, mode: socket, directory: false });
    },
    read: (path) => (files[path] === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(files[path])),
    portProblem: () => Promise.resolve(undefined),
  };
  return checkPeople(machine);
}

const broken = async (given: Given) => (await checked(given)).filter(({ ok }) => !ok).map(({ name, mend }) => [name, mend]);

describe('what people need for desktops of their own (requirement P6)', () => {
  it.each<[string, Given, readonly (readonly [string, string])[]]>([
    ['an account that root hasn’t named', {}, [['account zoe', 'sudo usermod -aG usher-users zoe']]],
    ['nothing', { group: 'usher-users:x:997:kid,zoe' }, []],
    [
      'people without the graphics card',
      { group: 'usher-users:x:997:kid,zoe\nvideo:x:44:kid\nrender:x:105:', card: true },
      [
        ['account kid', 'sudo usermod -aG render kid'],
        ['account zoe', 'sudo usermod -aG render,video zoe'],
      ],
    ],
    ['nothing in both of its groups', { group: 'usher-users:x:997:kid,zoe\nvideo:x:44:kid,zoe\nrender:x:105:kid,zoe', card: true }, []],
    ['no broker', { socket: 0, pam: false }, [['broker', 'sudo apt-get install -y ./usher-broker_*.deb']]],
    [
      'a broker that isn’t started',
      { socket: 0, group: 'usher-users:x:997:kid,zoe' },
      [['broker', 'sudo systemctl enable --now usher-broker.socket']],
    ],
    [
      'a socket for everybody',
      { socket: 0o666, group: 'usher-users:x:997:kid,zoe' },
      [['broker', 'sudo systemctl restart usher-broker.socket']],
    ],
    [
      'no PAM service',
      { pam: false, group: 'usher-users:x:997:kid,zoe' },
      [['broker, PAM service', 'sudo apt-get install -y --reinstall -o Dpkg::Options::=--force-confmiss ./usher-broker_*.deb']],
    ],
    ['no group', { group: '' }, [['group usher-users', 'sudo groupadd --system usher-users']]],
    ['no people', { passwd: 'root:x:0:0:root:/root:/bin/bash' }, [['people', 'sudo adduser NAME']]],
    ['a group that is an account’s own', { group: 'usher-users:x:1002:kid' }, []],
    ['a command for root', { uid: 0 }, [['account zoe', 'usermod -aG usher-users zoe']]],
  ])('P6.5: %s', async (_what, given, expected) => {
    expect(await broken(given)).toEqual(expected);
  });

  it('P6.4: stops no session of the operator’s', async () => {
    expect((await checked({ socket: 0, pam: false })).every(({ stops }) => !stops)).toBe(true);
  });
});
