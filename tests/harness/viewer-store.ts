import { Reader } from '@usher/protocol';
import type { Page } from 'playwright-core';

interface Kept {
  readonly passcodes: readonly { readonly origin: string; readonly fingerprint: string; readonly profile: string }[];
  readonly hosts: readonly string[];
  /** Undefined where there is no key yet. */
  readonly keyExtractable: boolean | undefined;
  /** Everything that the page's origin keeps, as text. */
  readonly text: string;
}

/** What the viewer's page keeps in its browser, as somebody would find it who reads the stored data. */
export async function keptByPage(page: Page): Promise<Kept> {
  const found: unknown = await page.evaluate(readStores);
  const reader = Reader.of(found, 'store');
  return {
    passcodes: reader.list('passcodes', 256, (kept) => ({
      origin: kept.string('origin'),
      fingerprint: kept.string('fingerprint'),
      profile: kept.string('profile'),
    })),
    hosts: reader.strings('hosts', 256),
    keyExtractable: reader.optionalBoolean('keyExtractable'),
    text: reader.string('text', 1_000_000),
  };
}

/** Runs in the page. */
async function readStores() {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('usher');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('there is no database'));
  });
  const get = (key: string) =>
    new Promise<unknown>((resolve, reject) => {
      const request = database.transaction('device').objectStore('device').get(key);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error(`${key} can't be read`));
    });
  const listOf = (value: unknown): readonly Record<string, unknown>[] => {
    if (typeof value !== 'object' || value === null || !('list' in value) || !Array.isArray(value.list)) return [];
    return value.list as readonly Record<string, unknown>[]; // what the page itself wrote; each field is read by the test
  };
  const [passcodes, hosts, key] = [listOf(await get('passcodes')), listOf(await get('hosts')), await get('passcode-key')];
  database.close();
  const bytes = (value: unknown) => (value instanceof Uint8Array ? String.fromCharCode(...value) : value);
  return {
    passcodes: passcodes.map(({ origin, fingerprint, profile }) => ({ origin, fingerprint, profile })),
    hosts: hosts.map(({ origin }) => String(origin)),
    keyExtractable: key instanceof CryptoKey ? key.extractable : null,
    text: JSON.stringify([passcodes, hosts], (_name, value: unknown) => bytes(value)) + JSON.stringify({ ...localStorage }),
  };
}
