import { CodedError } from './errors.ts';
import { type Fingerprint, fingerprint, OPERATOR, type ProfileId, profileId } from './ids.ts';

/** The version that HELLO names; broker and host are packages of their own, so they may differ (rule B2). */
export const BROKER_VERSION = 1;
/** Bytes of a line with its line feed (rule B1): the longest request, OPEN, has 118. */
export const MAX_BROKER_LINE = 160;

declare const brand: unique symbol;
/** The login name of an OS account, in the narrow grammar that rule B3 allows: it can be no option, no path and no pattern. */
export type AccountName = string & { readonly [brand]: 'AccountName' };
/** What a control connection is known by to the connections that OPEN: 32 lowercase hex digits. */
export type BrokerToken = string & { readonly [brand]: 'BrokerToken' };

/** What the host may ask of the broker. No request carries a uid or a path (requirement P6.2). */
export type BrokerRequest =
  | { readonly type: 'hello'; readonly version: number }
  | { readonly type: 'check'; readonly account: AccountName }
  | { readonly type: 'bind'; readonly profile: ProfileId; readonly account: AccountName }
  | { readonly type: 'unbind'; readonly profile: ProfileId }
  | { readonly type: 'open'; readonly token: BrokerToken; readonly profile: ProfileId; readonly device: Fingerprint }
  | { readonly type: 'close'; readonly profile: ProfileId };

/** Why the broker didn't do it; docs/protocol.md says what each means and what mends it. */
export const BROKER_REFUSALS = [
  'BadRequest',
  'TooMany',
  'UnknownToken',
  'NotBound',
  'NoAccount',
  'SystemAccount',
  'NotMember',
  'Expired',
  'AccountChanged',
  'AccountTaken',
  'StillOpen',
  'NotOpen',
  'Occupied',
  'LoginRefused',
  'NoHome',
  'NoWorker',
  'LaunchFailed',
  'StateUnusable',
] as const;
export type BrokerRefusal = (typeof BROKER_REFUSALS)[number];

export type BrokerReply =
  | { readonly type: 'ok' }
  /** The answer to HELLO. */
  | { readonly type: 'welcome'; readonly token: BrokerToken }
  | { readonly type: 'refused'; readonly refusal: BrokerRefusal };

/** The first byte of a refusal; a worker's first byte is 0, because no relay message reaches 16 MiB (rule B6). */
export const REFUSAL_FIRST_BYTE = 0x45;

/** @throws CodedError `message.malformed` for a name that root would rather not see in a command line. */
export function accountName(text: string): AccountName {
  if (!/^[a-z_][a-z0-9_.-]{0,31}$/.test(text)) throw malformed('an account name is 1 to 32 of a-z, 0-9, "_", "." and "-", a letter first');
  return text as AccountName; // checked above
}

/** @throws CodedError `message.malformed`. */
export function brokerToken(text: string): BrokerToken {
  if (!/^[0-9a-f]{32}$/.test(text)) throw malformed('a token is 32 lowercase hex digits');
  return text as BrokerToken; // checked above
}

/** A whole line with its line feed. @throws RangeError for a request that has no line: the operator's profile is nobody's to open. */
export function encodeBrokerRequest(request: BrokerRequest): Uint8Array<ArrayBuffer> {
  if ('profile' in request && request.profile === OPERATOR) throw new RangeError("the operator's profile has no line");
  return line(requestWords(request));
}

/** Reads one whole line with its line feed. @throws CodedError `message.malformed`, `frame.truncated` or `frame.oversized`. */
export function decodeBrokerRequest(bytes: Uint8Array): BrokerRequest {
  const [verb = '', ...words] = wordsOf(bytes);
  const word = wordsAfter(verb, words);
  switch (verb) {
    case 'HELLO':
      return { type: 'hello', version: versionNumber(word(0, 1)) };
    case 'CHECK':
      return { type: 'check', account: accountName(word(0, 1)) };
    case 'BIND':
      return { type: 'bind', profile: boundProfile(word(0, 2)), account: accountName(word(1, 2)) };
    case 'UNBIND':
      return { type: 'unbind', profile: boundProfile(word(0, 1)) };
    case 'OPEN':
      return { type: 'open', token: brokerToken(word(0, 3)), profile: boundProfile(word(1, 3)), device: lowercaseFingerprint(word(2, 3)) };
    case 'CLOSE':
      return { type: 'close', profile: boundProfile(word(0, 1)) };
    default:
      throw malformed('no such request');
  }
}

/** A whole line with its line feed. */
export function encodeBrokerReply(reply: BrokerReply): Uint8Array<ArrayBuffer> {
  switch (reply.type) {
    case 'ok':
      return line(['OK']);
    case 'welcome':
      return line(['OK', reply.token]);
    case 'refused':
      return line(['ERR', reply.refusal]);
  }
}

/** Reads one whole line with its line feed. @throws CodedError as {@link decodeBrokerRequest}. */
export function decodeBrokerReply(bytes: Uint8Array): BrokerReply {
  const [verdict = '', ...words] = wordsOf(bytes);
  if (verdict === 'OK' && words.length === 0) return { type: 'ok' };
  const word = wordsAfter(verdict, words)(0, 1);
  if (verdict === 'OK') return { type: 'welcome', token: brokerToken(word) };
  const refusal = BROKER_REFUSALS.find((name) => name === word);
  if (verdict !== 'ERR' || refusal === undefined) throw malformed('no such reply');
  return { type: 'refused', refusal };
}

/**
 * Cuts a byte stream into lines, whatever pieces it arrives in. Holds at most one line; a longer one is `frame.oversized`, and the stream
 * is unusable from then on.
 */
export class BrokerLines {
  readonly #line = new Uint8Array(MAX_BROKER_LINE);
  #filled = 0;

  /** Bytes that are held back because their line hasn't ended. */
  get waiting(): number {
    return this.#filled;
  }

  /** Yields each line that `chunk` completes, with its line feed. The lines are copies: the caller may keep them. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    for (const byte of chunk) {
      if (this.#filled === MAX_BROKER_LINE) throw oversized();
      this.#line[this.#filled] = byte;
      this.#filled += 1;
      if (byte !== LINE_FEED) continue;
      const line = this.#line.slice(0, this.#filled);
      this.#filled = 0;
      yield line;
    }
  }
}

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const TILDE = 0x7e;

function requestWords(request: BrokerRequest): readonly string[] {
  switch (request.type) {
    case 'hello':
      return ['HELLO', String(request.version)];
    case 'check':
      return ['CHECK', request.account];
    case 'bind':
      return ['BIND', request.profile, request.account];
    case 'unbind':
      return ['UNBIND', request.profile];
    case 'open':
      return ['OPEN', request.token, request.profile, request.device];
    case 'close':
      return ['CLOSE', request.profile];
  }
}

function line(words: readonly string[]): Uint8Array<ArrayBuffer> {
  const text = words.join(' ');
  const bytes = new Uint8Array(text.length + 1);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at); // every word is ASCII by its grammar
  bytes[text.length] = LINE_FEED;
  return bytes;
}

function wordsOf(bytes: Uint8Array): readonly string[] {
  if (bytes.length > MAX_BROKER_LINE) throw oversized();
  if (bytes.at(-1) !== LINE_FEED) throw new CodedError('frame.truncated', 'a line ends with a line feed');
  const text = bytes.subarray(0, -1);
  if (text.some((byte) => byte < SPACE || byte > TILDE)) throw malformed('a line is printable ASCII');
  return String.fromCharCode(...text).split(' ');
}

/** The word at a place of a line that has exactly `count` words behind its first. */
function wordsAfter(verb: string, words: readonly string[]): (at: number, count: number) => string {
  return (at, count) => {
    const word = words[at];
    if (words.length !== count || word === undefined) throw malformed(verb === '' ? 'an empty line' : 'another number of words');
    return word;
  };
}

function versionNumber(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw malformed('a version is a number from 1 to 9999');
  return Number(text);
}

function boundProfile(text: string): ProfileId {
  const id = profileId(text);
  if (id === OPERATOR) throw malformed("the operator's profile is nobody's to open");
  return id;
}

/** One spelling only: what reaches the audit of zone 0 must be found by searching for it. */
function lowercaseFingerprint(text: string): Fingerprint {
  if (!/^[0-9a-f]{64}$/.test(text)) throw malformed('a fingerprint is 64 lowercase hex digits');
  return fingerprint(text);
}

function malformed(problem: string): CodedError {
  return new CodedError('message.malformed', problem);
}

function oversized(): CodedError {
  return new CodedError('frame.oversized', `a line has at most ${MAX_BROKER_LINE} bytes`);
}
