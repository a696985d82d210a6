import { CodedError, type Fingerprint, fingerprint, isCoded, Reader, type WireError } from '@usher/protocol';
import type { PairedDevice, PairedDevices } from '../services.ts';
import { replaceFile } from './atomic-file.ts';
import { ChangeQueue } from './change-queue.ts';
import { errorWord } from './state-directory.ts';
import { readStateFile } from './state-file.ts';

const VERSION = 1;
/** Far above any household or office; it bounds the file and what `list()` costs. */
const MAX_DEVICES = 1024;
/** 1,024 devices with the longest names and keys, and as much again for fields of newer versions. */
const FILE_LIMIT = 2 * 1024 * 1024;

/** A device and the object it was read from, whose unknown fields survive (requirement P1.3). */
interface Entry {
  readonly device: PairedDevice;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The contents of `paired.json`. Immutable: a change is a new one, and it counts once it is on disk. */
interface Roll {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly entries: ReadonlyMap<Fingerprint, Entry>;
}

const EMPTY: Roll = { raw: {}, entries: new Map() };

export type SaveFile = (path: string, contents: string) => Promise<void>;

/**
 * `paired.json` (rules P1.1–P1.3). The host is its only writer: what an editor changes while a host runs is overwritten by the next
 * change. A file that can't be read stays as it is; then nobody is paired, and every change is refused with {@link problem}.
 */
export class PairedDevicesFile implements PairedDevices {
  readonly #path: string;
  readonly #save: SaveFile;
  readonly #listeners: ((device: Fingerprint) => void)[] = [];
  readonly #problem: CodedError | undefined;
  #roll: Roll;
  readonly #changes: ChangeQueue;

  private constructor(path: string, save: SaveFile, roll: Roll, problem?: CodedError) {
    this.#path = path;
    this.#save = save;
    this.#changes = new ChangeQueue(path);
    this.#roll = roll;
    this.#problem = problem;
  }

  static async open(path: string, save: SaveFile = replaceFile): Promise<PairedDevicesFile> {
    try {
      const text = await readStateFile(path, FILE_LIMIT);
      const roll = text === undefined ? EMPTY : readRoll(text);
      return new PairedDevicesFile(path, save, roll, newerVersion(roll, path));
    } catch (error) {
      if (!isCoded(error)) throw error;
      return new PairedDevicesFile(path, save, EMPTY, unreadable(path, error));
    }
  }

  /** Why changes are refused, for the operator; undefined where all is well. */
  problem(): WireError | undefined {
    return this.#problem && { code: this.#problem.code, message: this.#problem.message };
  }

  list(): readonly PairedDevice[] {
    return [...this.#roll.entries.values()].map((entry) => entry.device);
  }

  find(device: Fingerprint): PairedDevice | undefined {
    return this.#roll.entries.get(device)?.device;
  }

  findByKey(spki: string): PairedDevice | undefined {
    return this.list().find((device) => device.key === spki);
  }

  async add(device: PairedDevice): Promise<void> {
    await this.#change((entries) => {
      if (!entries.has(device.fingerprint) && entries.size >= MAX_DEVICES) {
        throw new CodedError('store.write-failed', `${MAX_DEVICES} devices are paired already; remove one first`);
      }
      return withEntry(entries, { device, raw: entries.get(device.fingerprint)?.raw ?? {} });
    });
  }

  async renew(before: Fingerprint, after: Fingerprint): Promise<void> {
    await this.#change((entries) => {
      const entry = entries.get(before);
      if (entry === undefined) throw new CodedError('device.not-paired', 'the device is not paired any more');
      return withEntry(without(entries, before), { ...entry, device: { ...entry.device, fingerprint: after } });
    });
  }

  async remove(device: Fingerprint): Promise<boolean> {
    const found = await this.#change((entries) => (entries.has(device) ? without(entries, device) : entries));
    if (found) for (const listener of this.#listeners) listener(device);
    return found;
  }

  onRemoved(listener: (device: Fingerprint) => void): void {
    this.#listeners.push(listener);
  }

  /** False where there was nothing to change. */
  #change(edit: (entries: ReadonlyMap<Fingerprint, Entry>) => ReadonlyMap<Fingerprint, Entry>): Promise<boolean> {
    return this.#changes.run(() => this.#apply(edit));
  }

  async #apply(edit: (entries: ReadonlyMap<Fingerprint, Entry>) => ReadonlyMap<Fingerprint, Entry>): Promise<boolean> {
    if (this.#problem !== undefined) throw this.#problem;
    const entries = edit(this.#roll.entries);
    if (entries === this.#roll.entries) return false;
    const next = { raw: this.#roll.raw, entries };
    try {
      await this.#save(this.#path, writeRoll(next));
    } catch (cause) {
      throw new CodedError('store.write-failed', `${this.#path} can't be saved (${errorWord(cause)}); nothing has changed`, { cause });
    }
    this.#roll = next;
    return true;
  }
}

function withEntry(entries: ReadonlyMap<Fingerprint, Entry>, entry: Entry): ReadonlyMap<Fingerprint, Entry> {
  return new Map(entries).set(entry.device.fingerprint, entry);
}

function without(entries: ReadonlyMap<Fingerprint, Entry>, device: Fingerprint): ReadonlyMap<Fingerprint, Entry> {
  const rest = new Map(entries);
  rest.delete(device);
  return rest;
}

/** `{version, clients: [{name, fingerprint, key?, paired_unix}]}`; of two entries for one fingerprint the last wins. */
function readRoll(text: string): Roll {
  const document = Reader.json(text, 'paired.json');
  const clients = document.list('clients', MAX_DEVICES, readEntry);
  return { raw: fieldsOf(document), entries: new Map(clients.map((entry) => [entry.device.fingerprint, entry])) };
}

function readEntry(client: Reader): Entry {
  const key = client.optionalString('key', 256);
  return {
    device: {
      fingerprint: fingerprint(client.string('fingerprint', 128)),
      name: client.string('name', 256),
      ...(key === undefined ? {} : { key }),
      pairedUnix: client.integer('paired_unix', 0, Number.MAX_SAFE_INTEGER),
    },
    raw: fieldsOf(client),
  };
}

function fieldsOf(object: Reader): Readonly<Record<string, unknown>> {
  return Object.fromEntries(object.names().map((name) => [name, object.raw(name)]));
}

function writeRoll(roll: Roll): string {
  const clients = [...roll.entries.values()].map(({ device, raw }) => {
    const { key: _replaced, ...kept } = raw;
    return {
      ...kept,
      name: device.name,
      fingerprint: device.fingerprint,
      ...(device.key === undefined ? {} : { key: device.key }),
      paired_unix: device.pairedUnix,
    };
  });
  return `${JSON.stringify({ ...roll.raw, version: VERSION, clients }, null, 2)}\n`;
}

/** Version 0 or none is version 1 (requirement P1.3). */
function newerVersion(roll: Roll, path: string): CodedError | undefined {
  const version = Reader.of(roll.raw, 'paired.json').optionalInteger('version', 0, Number.MAX_SAFE_INTEGER) ?? VERSION;
  if (version <= VERSION) return undefined;
  return new CodedError(
    'store.newer-version',
    `${path} was written by a newer Usher (version ${version}); its devices may connect, but this Usher doesn't change it`,
  );
}

function unreadable(path: string, cause: CodedError): CodedError {
  const hint = 'nobody is paired until it is mended or moved away; it has been left as it is';
  return new CodedError('store.unreadable', `${path}: ${cause.message}; ${hint}`, { cause });
}
