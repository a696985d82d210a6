import { chmodSync, lstatSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountName, profileId } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StateUnusable } from '../state-directory.ts';
import { Bindings } from './bindings.ts';

const kids = profileId('0a1b2c3d4e5f');
const teen = profileId('ffffffffffff');
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'usher-broker-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function spoiltRecord(text: string, mode = 0o600): void {
  writeFileSync(join(directory, 'accounts'), text);
  chmodSync(join(directory, 'accounts'), mode);
}

describe('the record of which profile is which account', () => {
  it('P6.2: comes back as it was written, for root alone', () => {
    const bindings = new Map([
      [kids, { account: accountName('kid'), uid: 1001 }],
      [teen, { account: accountName('first.last'), uid: 1002 }],
    ]);
    new Bindings(directory).write(bindings);
    expect(new Bindings(directory).read()).toEqual(bindings);
    expect(lstatSync(join(directory, 'accounts')).mode & 0o777).toBe(0o600);
  });

  it('P6.2: is empty before anything was bound', () => {
    expect(new Bindings(directory).read().size).toBe(0);
  });

  it('P6.2: is written although a broker was killed while it wrote', () => {
    writeFileSync(join(directory, 'accounts.new'), 'half a li');
    const bindings = new Map([[kids, { account: accountName('kid'), uid: 1001 }]]);
    new Bindings(directory).write(bindings);
    expect(new Bindings(directory).read()).toEqual(bindings);
  });

  it.each([
    ['that the group may write', () => spoiltRecord('0a1b2c3d4e5f kid 1001\n', 0o660)],
    ['that everybody may write', () => spoiltRecord('0a1b2c3d4e5f kid 1001\n', 0o602)],
    ['in a directory that others may write', () => chmodSync(directory, 0o770)],
    ['that is a link', () => symlinkSync('/etc/passwd', join(directory, 'accounts'))],
    ['that is a directory', () => symlinkSync('.', join(directory, 'accounts'))],
    ['that is too large', () => spoiltRecord('0a1b2c3d4e5f kid 1001\n'.repeat(1000))],
    ['that ends in the middle of a line', () => spoiltRecord('0a1b2c3d4e5f kid 1001')],
    ['with a profile twice', () => spoiltRecord('0a1b2c3d4e5f kid 1001\n0a1b2c3d4e5f teen 1002\n')],
    ['with an account twice', () => spoiltRecord('0a1b2c3d4e5f kid 1001\nffffffffffff kid 1001\n')],
    ['with a line that is none', () => spoiltRecord('hello\n')],
    ['with an option as an account', () => spoiltRecord('0a1b2c3d4e5f -u 1001\n')],
    ["with the operator's profile", () => spoiltRecord('operator kid 1001\n')],
  ])('P6.2: refuses a record %s', (_what, spoil) => {
    spoil();
    expect(() => new Bindings(directory).read()).toThrow(StateUnusable);
  });

  it('P6.2: refuses to write where others could', () => {
    chmodSync(directory, 0o777);
    expect(() => new Bindings(directory).write(new Map())).toThrow(StateUnusable);
  });

  it('P6.2: refuses a directory that is not there', () => {
    const bindings = new Bindings(join(directory, 'missing'));
    expect(() => bindings.read()).toThrow(StateUnusable);
    expect(() => bindings.write(new Map())).toThrow(StateUnusable);
  });
});
