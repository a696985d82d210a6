import { tryUtf8, utf8 } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { HOST, ORIGIN, STRANGER } from '../../testing/fake-host.ts';
import { type PasscodePlace, RememberedPasscodes, type SecretRecords } from './remembered-passcodes.ts';

const KIDS: PasscodePlace = { origin: ORIGIN, fingerprint: HOST, profile: 'a1b2c3d4e5f6' };
const PINNED = { origin: ORIGIN, fingerprint: HOST, name: 'Living room', lastUsedUnix: 1 };

function store(records = new FakeRecords()) {
  return { records, passcodes: new RememberedPasscodes(records) };
}

async function recalled(passcodes: RememberedPasscodes, place: PasscodePlace): Promise<string | undefined> {
  const bytes = await passcodes.recall(place);
  return bytes === undefined ? undefined : tryUtf8(bytes);
}

/** The one record that is stored, to be tampered with. */
function onlyRecord(records: FakeRecords): { profile: string; origin: string; fingerprint: string; sealed: Uint8Array } {
  // What the store wrote; a test that reads it wrongly fails.
  const { list } = records.stored.get('passcodes') as {
    list: { profile: string; origin: string; fingerprint: string; sealed: Uint8Array }[];
  };
  const [record] = list;
  if (record === undefined) throw new Error('nothing is stored');
  return record;
}

describe('passcodes that a device remembers', () => {
  it('P9.3: a passcode comes back as it was, also after the page was loaded anew', async () => {
    const { records, passcodes } = store();
    await passcodes.remember(KIDS, utf8('geheim é 🦊'));
    expect(await recalled(store(records).passcodes, KIDS)).toBe('geheim é 🦊');
    expect(await passcodes.profilesOf(KIDS)).toEqual([KIDS.profile]);
  });

  it.each([
    ['another profile', { ...KIDS, profile: 'operator' }],
    ['another address', { ...KIDS, origin: 'https://elsewhere.test:9939' }],
    ['a host with another certificate', { ...KIDS, fingerprint: STRANGER }],
  ])('P9.3: %s has none', async (_whose, place) => {
    const { passcodes } = store();
    await passcodes.remember(KIDS, utf8('2468'));
    expect(await recalled(passcodes, place)).toBeUndefined();
  });

  it.each([
    ['profile', 'operator'],
    ['origin', 'https://elsewhere.test:9939'],
    ['fingerprint', STRANGER as string],
  ] as const)('P9.3: a record whose %s was changed doesn’t open there', async (field, value) => {
    const { records, passcodes } = store();
    await passcodes.remember(KIDS, utf8('2468'));
    onlyRecord(records)[field] = value;
    expect(await recalled(passcodes, { ...KIDS, [field]: value })).toBeUndefined();
  });

  it('P9.3: what is stored neither shows the passcode nor how long it is, and the key can’t be exported', async () => {
    const { records, passcodes } = store();
    await passcodes.remember(KIDS, utf8('24682468'));
    const short = Buffer.from(onlyRecord(records).sealed);
    await passcodes.remember(KIDS, utf8('correct horse battery staple'));
    expect(onlyRecord(records).sealed).toHaveLength(short.length);
    expect(short.includes('2468')).toBe(false);
    const key = records.stored.get('passcode-key');
    if (!(key instanceof CryptoKey)) throw new Error('there is no key');
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });

  it('P9.3: remembering again replaces, and never seals twice with the same nonce', async () => {
    const { records, passcodes } = store();
    await passcodes.remember(KIDS, utf8('2468'));
    const before = Buffer.from(onlyRecord(records).sealed);
    await passcodes.remember(KIDS, utf8('2468'));
    expect(before.equals(onlyRecord(records).sealed)).toBe(false);
    await passcodes.remember(KIDS, utf8('1357'));
    expect(await recalled(passcodes, KIDS)).toBe('1357');
    expect(await passcodes.profilesOf(KIDS)).toEqual([KIDS.profile]);
  });

  it('P9.3: a passcode that was wrong is forgotten, and only that', async () => {
    const { passcodes } = store();
    const ada = { ...KIDS, profile: 'operator' };
    await passcodes.remember(KIDS, utf8('2468'));
    await passcodes.remember(ada, utf8('1357'));
    await passcodes.forget(KIDS);
    expect([await recalled(passcodes, KIDS), await recalled(passcodes, ada)]).toEqual([undefined, '1357']);
  });

  it('P9.3: a host that was forgotten, or shows another certificate, takes its passcodes along', async () => {
    const { records, passcodes } = store();
    const other = { ...KIDS, origin: 'https://elsewhere.test:9939' };
    await passcodes.remember(KIDS, utf8('2468'));
    await passcodes.remember(other, utf8('1357'));
    await passcodes.sweep([PINNED]);
    expect([await recalled(passcodes, KIDS), await recalled(passcodes, other)]).toEqual(['2468', undefined]);
    await passcodes.sweep([{ ...PINNED, fingerprint: STRANGER }]);
    expect(records.stored.get('passcodes')).toEqual({ list: [] });
  });

  it.each([
    [{ list: [{ origin: 1 }] }],
    [{ list: 'no' }],
    [7],
    [{ list: [{ ...KIDS, iv: new Uint8Array(3), sealed: new Uint8Array(3) }] }],
  ])('P9.3: what can’t be read (%j) is as good as none, and the next one is kept', async (damaged) => {
    const { records, passcodes } = store();
    records.stored.set('passcodes', damaged);
    expect(await recalled(passcodes, KIDS)).toBeUndefined();
    await passcodes.remember(KIDS, utf8('2468'));
    expect(await recalled(passcodes, KIDS)).toBe('2468');
  });

  it('P9.3: a sealed passcode that was damaged doesn’t open', async () => {
    const { records, passcodes } = store();
    await passcodes.remember(KIDS, utf8('2468'));
    onlyRecord(records).sealed.fill(1);
    expect(await recalled(passcodes, KIDS)).toBeUndefined();
  });

  it('P9.3: past 256 the one that was remembered longest ago is dropped', async () => {
    const { passcodes } = store();
    const place = (number: number) => ({ ...KIDS, profile: `profile-${number}` });
    for (let number = 0; number < 257; number += 1) await passcodes.remember(place(number), utf8('2468'));
    expect(await passcodes.profilesOf(KIDS)).toHaveLength(256);
    expect([await recalled(passcodes, place(0)), await recalled(passcodes, place(256))]).toEqual([undefined, '2468']);
  });
});

/** IndexedDB in memory: values are stored as copies, as structured cloning makes them. */
class FakeRecords implements SecretRecords {
  readonly stored = new Map<string, unknown>();

  get(key: string): Promise<unknown> {
    return Promise.resolve(clone(this.stored.get(key)));
  }

  putIfAbsent(key: string, value: unknown): Promise<unknown> {
    return this.update(key, (before) => before ?? value);
  }

  update(key: string, change: (before: unknown) => unknown): Promise<unknown> {
    const after = clone(change(clone(this.stored.get(key))));
    this.stored.set(key, after);
    return Promise.resolve(clone(after));
  }
}

/** Node can't clone keys between realms as browsers do; a key has no content that could change. */
function clone(value: unknown): unknown {
  return value instanceof CryptoKey ? value : structuredClone(value);
}
