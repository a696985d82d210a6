import {
  ByteReader,
  ByteWriter,
  CodedError,
  type Fingerprint,
  fingerprint,
  isCoded,
  PASSCODE_MAX,
  PROFILE_ID_MAX,
  Reader,
  utf8,
} from '@usher/protocol';
import type { PinnedHost } from '../viewer/identity.ts';

/** Where keys and records are kept: IndexedDB in a page, which alone keeps a key that no script can read. */
export interface SecretRecords {
  /** Undefined where nothing is stored. */
  get(key: string): Promise<unknown>;
  /** Stores `value` unless something is stored already; gives back what is stored afterwards. */
  putIfAbsent(key: string, value: unknown): Promise<unknown>;
  /** Reads and writes in one transaction. */
  update(key: string, change: (before: unknown) => unknown): Promise<unknown>;
}

/** Whose passcode: a profile of one host, known by its address and its certificate. */
export interface PasscodePlace {
  readonly origin: string;
  readonly fingerprint: Fingerprint;
  readonly profile: string;
}

interface SealedPasscode extends PasscodePlace {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/** Past it the one that was remembered longest ago is dropped: four hosts with every profile that a host may have. */
const REMEMBERED_MAX = 256;
const KEY = 'passcode-key';
const LIST = 'passcodes';
const AES = { name: 'AES-GCM', length: 256 } as const;
const IV_LENGTH = 12;
/** Every passcode is sealed at this length, so that what is stored doesn't tell how long it is. */
const PADDED_LENGTH = 1 + PASSCODE_MAX;
const SEALED_LENGTH = PADDED_LENGTH + 16;

/**
 * Passcodes that a person asked this device to remember (requirement P9.3): sealed with AES-GCM under a key that can't be exported, each
 * bound to its host's address and certificate and to its profile, so that a record which is moved or renamed doesn't open. It protects
 * against whoever reads the stored data, not against a script of the host's own page, which may use the key as the page does.
 */
export class RememberedPasscodes {
  readonly #records: SecretRecords;

  constructor(records: SecretRecords) {
    this.#records = records;
  }

  /** The profiles of a host whose passcodes are remembered. */
  async profilesOf(host: Pick<PasscodePlace, 'origin' | 'fingerprint'>): Promise<readonly string[]> {
    const list = readList(await this.#records.get(LIST));
    return list.filter((kept) => kept.origin === host.origin && kept.fingerprint === host.fingerprint).map(({ profile }) => profile);
  }

  /** The passcode, the caller's to wipe; undefined where none is remembered or what is stored doesn't open. */
  async recall(place: PasscodePlace): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const kept = readList(await this.#records.get(LIST)).find((candidate) => samePlace(candidate, place));
    const key = await this.#records.get(KEY);
    if (kept === undefined || !(key instanceof CryptoKey)) return undefined;
    let padded: Uint8Array;
    try {
      padded = new Uint8Array(await crypto.subtle.decrypt(parameters(kept.iv, place), key, kept.sealed));
    } catch {
      return undefined; // moved, damaged, or of another key: as good as none
    }
    try {
      const reader = new ByteReader(padded, 'remembered passcode');
      return new Uint8Array(reader.bytes(reader.u8()));
    } finally {
      padded.fill(0);
    }
  }

  /** Keeps `passcode` in place of the one before; it stays the caller's to wipe. */
  async remember(place: PasscodePlace, passcode: Uint8Array): Promise<void> {
    const key = await this.#records.putIfAbsent(KEY, await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt']));
    if (!(key instanceof CryptoKey)) throw new TypeError('IndexedDB gave back something else than it was given');
    const iv = crypto.getRandomValues(new Uint8Array(IV_LENGTH));
    const padded = new Uint8Array(PADDED_LENGTH);
    padded.set([passcode.length]);
    padded.set(passcode, 1);
    try {
      const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters(iv, place), key, padded));
      const { origin, fingerprint: of, profile } = place;
      await this.#change((list) => [{ origin, fingerprint: of, profile, iv, sealed }, ...list.filter((kept) => !samePlace(kept, place))]);
    } finally {
      padded.fill(0);
    }
  }

  /** A passcode that was wrong, or that its person wants gone. */
  async forget(place: PasscodePlace): Promise<void> {
    await this.#change((list) => list.filter((kept) => !samePlace(kept, place)));
  }

  /** Drops every passcode of a host that isn't pinned with this very certificate. */
  async sweep(pinned: readonly PinnedHost[]): Promise<void> {
    if (readList(await this.#records.get(LIST)).every((kept) => isPinned(kept, pinned))) return;
    await this.#change((list) => list.filter((kept) => isPinned(kept, pinned)));
  }

  async #change(change: (list: readonly SealedPasscode[]) => readonly SealedPasscode[]): Promise<void> {
    await this.#records.update(LIST, (before) => ({ list: change(readList(before)).slice(0, REMEMBERED_MAX) }));
  }
}

function isPinned(kept: PasscodePlace, pinned: readonly PinnedHost[]): boolean {
  return pinned.some((host) => host.origin === kept.origin && host.fingerprint === kept.fingerprint);
}

function samePlace(a: PasscodePlace, b: PasscodePlace): boolean {
  return a.origin === b.origin && a.fingerprint === b.fingerprint && a.profile === b.profile;
}

/** What the seal also covers: each part with its length before it, so that no two places read alike. */
function parameters(iv: Uint8Array<ArrayBuffer>, place: PasscodePlace): AesGcmParams {
  const bound = new ByteWriter();
  for (const part of ['usher remembered passcode 1', place.origin, place.fingerprint, place.profile]) {
    const bytes = utf8(part);
    bound.u16(bytes.length).bytes(bytes);
  }
  return { name: AES.name, iv, additionalData: bound.done() };
}

/** What can't be read is worth nothing, and the next change writes it anew: a person types the passcode once more. */
function readList(value: unknown): readonly SealedPasscode[] {
  if (value === undefined) return [];
  try {
    return Reader.of(value, LIST).list('list', REMEMBERED_MAX, (kept) => ({
      origin: kept.string('origin', 512),
      fingerprint: fingerprint(kept.string('fingerprint', 64)),
      profile: kept.string('profile', PROFILE_ID_MAX),
      iv: readBytes(kept.raw('iv'), IV_LENGTH),
      sealed: readBytes(kept.raw('sealed'), SEALED_LENGTH),
    }));
  } catch (error) {
    if (isCoded(error, 'message.malformed')) return [];
    throw error;
  }
}

function readBytes(value: unknown, length: number): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array && value.length === length) return new Uint8Array(value);
  throw new CodedError('message.malformed', `expected ${length} bytes`);
}
