import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountName } from '@usher/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { getentAccounts, readUidMin } from './system-accounts.ts';

const PASSWD = 'kid:x:1001:1001:The Kid,,,:/home/kid:/bin/bash\n';
const kid = accountName('kid');

function databases(lines: Readonly<Record<string, string>>) {
  return getentAccounts((_program, [database = '', key = '']) => {
    const text = lines[`${database} ${key}`];
    return Promise.resolve(text === undefined ? { status: 2, text: '' } : { status: 0, text });
  });
}

describe('an account of the system', () => {
  it.each([
    ['a member', 'usher-users:x:990:other,kid\n', true],
    ['a member by its own group', 'usher-users:x:1001:\n', true],
    ['somebody whose name begins like a member', 'usher-users:x:990:kiddo,kid2\n', false],
    ['nobody in the group', 'usher-users:x:990:\n', false],
  ])('B4: %s', async (_who, group, isMember) => {
    const find = databases({ 'passwd kid': PASSWD, 'group usher-users': group });
    expect(await find(kid)).toEqual({ name: kid, uid: 1001, gid: 1001, home: '/home/kid', isMember, expiryDay: undefined });
  });

  it('B4: is no member where there is no group', async () => {
    expect(await databases({ 'passwd kid': PASSWD })(kid)).toMatchObject({ isMember: false });
  });

  it.each([
    ['kid:!:19000:0:99999:7::20000:\n', 20_000],
    ['kid:!:19000:0:99999:7:::\n', undefined],
    ['kid:!:19000:0:99999:7::-1:\n', undefined],
  ])('B4: expires as its shadow line %j says', async (shadow, expiryDay) => {
    expect(await databases({ 'passwd kid': PASSWD, 'shadow kid': shadow })(kid)).toMatchObject({ expiryDay });
  });

  it.each([
    ['nothing', {}],
    ['another name, as a uid would find', { 'passwd kid': 'root:x:0:0::/root:/bin/sh\n' }],
    ['two lines', { 'passwd kid': PASSWD + PASSWD }],
    ['a uid that is no number', { 'passwd kid': 'kid:x:0x0:0::/:/bin/sh\n' }],
    ['a uid that is missing', { 'passwd kid': 'kid:x\n' }],
  ])('B4: is unknown where the system says %s', async (_what, lines) => {
    expect(await databases(lines)(kid)).toBeUndefined();
  });
});

describe('UID_MIN', () => {
  const directories: string[] = [];
  afterEach(() => {
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
  });

  function loginDefs(text: string): string {
    const directory = mkdtempSync(join(tmpdir(), 'usher-broker-'));
    directories.push(directory);
    writeFileSync(join(directory, 'login.defs'), text);
    return join(directory, 'login.defs');
  }

  it('B4: is what login.defs says, else 1000', () => {
    expect(readUidMin(loginDefs('#UID_MIN 7\nUID_MIN\t\t\t  500\nSYS_UID_MIN 100\n'))).toBe(500);
    expect(readUidMin(loginDefs('# nothing\n'))).toBe(1000);
    expect(readUidMin('/nonexistent/login.defs')).toBe(1000);
  });
});
