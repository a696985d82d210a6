import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createOsAccounts, peopleOf, uidMinOf } from './os-accounts.ts';
import { parsePasswd } from './passwd.ts';

const DATABASE = [
  'root:x:0:0:root:/root:/bin/bash',
  'daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin',
  'zoe:x:1002:1002:Zoë Zimmer,Room 5,,:/home/zoe:/bin/zsh',
  'kid:x:1001:1001::/home/kid:',
  'toor:x:1001:1001:Twin of kid:/home/kid:/bin/sh',
  'ftp:x:1003:1003:,,,:/srv:/bin/false',
  'nobody:x:65534:65534:nobody:/nonexistent:/bin/bash',
  'container:x:100000:100000::/:/bin/bash',
  '# a comment',
  '+::::::',
  'short:x:1004:1004',
  '../up:x:1005:1005::/:/bin/sh',
  'far:x:99999999999:1::/:/bin/sh',
  '',
].join('\n');

describe('P8.3: accounts of the machine', () => {
  it('P8.3: people between UID_MIN and 65534 with a real shell, the operator first', () => {
    expect(peopleOf(parsePasswd(DATABASE), 1000, 1002)).toEqual([
      { username: 'zoe', uid: 1002, fullName: 'Zoë Zimmer', isOperator: true },
      { username: 'kid', uid: 1001, isOperator: false },
    ]);
  });

  it('P8.3: the operator is there whoever it is', () => {
    expect(peopleOf(parsePasswd(DATABASE), 1000, 0)[0]).toEqual({ username: 'root', uid: 0, fullName: 'root', isOperator: true });
    expect(peopleOf(parsePasswd(DATABASE), 5000, 1)).toEqual([{ username: 'daemon', uid: 1, fullName: 'daemon', isOperator: true }]);
  });

  it.each([
    ['', 1000],
    ['#UID_MIN 5\nUID_MIN\t\t 500\n', 500],
    ['UID_MIN 1000\nUID_MIN 2000', 2000],
    ['SYS_UID_MIN 100', 1000],
    ['UID_MIN many', 1000],
  ])('P8.3: %j begins at %i', (text, expected) => {
    expect(uidMinOf(text)).toBe(expected);
  });

  it('P8.3: a name that turns text around is shown without that, and not endlessly', () => {
    const [entry] = parsePasswd(`eve:x:1001:1:\u202eevE\u001b[2J${'x'.repeat(500)},:/:/bin/sh`);
    expect(entry?.fullName?.startsWith('evE[2Jxxx')).toBe(true);
    expect(entry?.fullName).toHaveLength(128);
  });

  it('P8.3: this machine is asked itself', async () => {
    const { uid, username } = userInfo();
    const [first] = await createOsAccounts(uid).list();
    expect(first).toMatchObject({ username, uid, isOperator: true });
  });
});
