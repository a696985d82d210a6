import { CodedError } from './errors.ts';
import { type ProfileId, profileId } from './ids.ts';
import { Reader } from './read.ts';

/** Who did it: the operator (token or cookie), the host by itself, or a device by its fingerprint. */
export type AuditPrincipal = 'operator' | 'host' | `device:${string}`;

/** What is recorded. `event` is `area.kebab-words`; fields are flat, and never a passcode, PIN, token or payload. */
export interface AuditRecord {
  readonly event: string;
  readonly principal: AuditPrincipal;
  readonly profile?: ProfileId;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * A record in its place in the chain (requirement A1). Zone 0 and zone 1 write a chain each (requirement A2), in one form, so that one reader
 * checks both.
 */
export interface AuditEntry extends AuditRecord {
  /** Counts from 0, without gaps. */
  readonly seq: number;
  readonly unix: number;
  /** Hash of the entry before: lowercase hex SHA-256. */
  readonly prev: string;
  /** Hash of this one, over everything else in it. */
  readonly hash: string;
}

/** Lowercase hex SHA-256 of a text's UTF-8. */
export type HashText = (text: string) => string;

/** The chain up to some entry. */
export interface ChainHead {
  /** The number that the next entry gets. */
  readonly nextSeq: number;
  readonly hash: string;
}

/** What the first entry stands on. */
export const CHAIN_START: ChainHead = { nextSeq: 0, hash: '0'.repeat(64) };

/** Bytes of the file `head`, whatever it says: so it is replaced in place by one write, and a smaller one isn't whole. */
export const HEAD_BYTES = 128;

const FIELDS_MAX = 32;
const TEXT_MAX = 1024;

/** The next entry of the chain. */
export function sealEntry(record: AuditRecord, unix: number, { nextSeq, hash: prev }: ChainHead, hashText: HashText): AuditEntry {
  const unsealed = { ...record, seq: nextSeq, unix, prev };
  return { ...unsealed, hash: hashText(canonical(unsealed)) };
}

/** Whether an entry's hash is that of what it says. */
export function holdsItsHash({ hash, ...unsealed }: AuditEntry, hashText: HashText): boolean {
  return hashText(canonical(unsealed)) === hash;
}

/** One line of the file, without its end. */
export function formatEntry(entry: AuditEntry): string {
  return canonical(entry);
}

/** @throws CodedError `message.malformed`. */
export function parseEntry(line: string): AuditEntry {
  const body = Reader.json(line, 'audit');
  const profile = body.optionalString('profile', 64);
  return {
    event: body.string('event', 128),
    principal: readPrincipal(body.string('principal', 128)),
    ...(profile === undefined ? {} : { profile: profileId(profile) }),
    ...(body.has('fields') ? { fields: readFields(body.object('fields')) } : {}),
    seq: body.integer('seq', 0, Number.MAX_SAFE_INTEGER),
    unix: body.integer('unix', 0, Number.MAX_SAFE_INTEGER),
    prev: body.string('prev', 64),
    hash: body.string('hash', 64),
  };
}

/** What the file `head` beside a chain says: where that ended when its writer last confirmed it. One line, with its end. */
export function formatHead({ nextSeq, hash }: ChainHead): string {
  return `${JSON.stringify({ next_seq: nextSeq, hash }).padEnd(HEAD_BYTES - 1)}\n`;
}

/** @throws CodedError `message.malformed`, also for what a power cut left of one. */
export function parseHead(text: string): ChainHead {
  const body = Reader.json(text, 'head');
  return { nextSeq: body.integer('next_seq', 0, Number.MAX_SAFE_INTEGER), hash: body.string('hash', 64) };
}

/** Where a writer that starts goes on: after what was confirmed, even where that is gone, so that the gap stays visible for good. */
export function laterHead(chain: ChainHead, confirmed: ChainHead | undefined): ChainHead {
  return confirmed !== undefined && confirmed.nextSeq > chain.nextSeq ? confirmed : chain;
}

function readPrincipal(text: string): AuditPrincipal {
  if (text === 'operator' || text === 'host') return text;
  if (!text.startsWith('device:')) throw new CodedError('message.malformed', 'audit.principal: unknown');
  return `device:${text.slice('device:'.length)}`;
}

function readFields(body: Reader): Readonly<Record<string, string | number | boolean>> {
  const names = body.names();
  if (names.length > FIELDS_MAX) throw new CodedError('message.malformed', `audit.fields: more than ${FIELDS_MAX}`);
  return Object.fromEntries(names.map((name) => [name, readField(body, name)]));
}

function readField(body: Reader, name: string): string | number | boolean {
  const value = body.raw(name);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return body.integer(name, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  return body.string(name, TEXT_MAX);
}

/** JSON with its names in order, so that one entry has one spelling. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}
