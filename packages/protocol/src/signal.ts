import { CodedError, type ErrorCode, isErrorCode, type WireError } from './errors.ts';
import { type Fingerprint, fingerprint } from './ids.ts';
import { Reader } from './read.ts';

/** Largest signalling message, in bytes: an SDP of a browser with every codec is under 16 KiB (rule S2). */
export const MAX_SIGNAL_MESSAGE = 64 * 1024;
/** Version of the signalling protocol; a viewer that speaks another one says so and goes (rule S3). */
export const SIGNAL_VERSION = 1;

/** Which of a viewer's two peer connections a message is about (design §4). */
export type PeerPurpose = 'session' | 'bulk';
const PURPOSES = ['session', 'bulk'] as const;

export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** The device's long-lived key, and its signature over {@link deviceKeyStatement}; both standard base64 (rule S5). */
export interface DeviceKeyProof {
  /** SubjectPublicKeyInfo of a P-256 key, DER. */
  readonly spki: string;
  /** ECDSA with SHA-256, 64 bytes r ‖ s. */
  readonly signature: string;
}

/** What travels over the host's WebSocket, as JSON text. The viewer offers, the host answers. */
export type ViewerSignal =
  | { readonly type: 'offer'; readonly peer: PeerPurpose; readonly sdp: string; readonly key?: DeviceKeyProof }
  | { readonly type: 'candidate'; readonly peer: PeerPurpose; readonly candidate: string; readonly mid: string };

export type HostSignal =
  /** The first message: who the host is, and the nonce that the device key signs. */
  | {
      readonly type: 'hello';
      readonly version: number;
      readonly fingerprint: Fingerprint;
      readonly nonce: string;
      readonly iceServers: readonly IceServer[];
    }
  | { readonly type: 'answer'; readonly peer: PeerPurpose; readonly sdp: string }
  | { readonly type: 'candidate'; readonly peer: PeerPurpose; readonly candidate: string; readonly mid: string }
  /** The last message of a connection (or of one peer) that was refused. */
  | ({ readonly type: 'refused'; readonly peer?: PeerPurpose } & WireError);

export function decodeViewerSignal(text: string): ViewerSignal {
  const message = Reader.json(text, 'signal');
  const type = message.word('type', ['offer', 'candidate']);
  const peer = message.word('peer', PURPOSES);
  if (type === 'candidate') return { type, peer, candidate: message.string('candidate', 2048), mid: message.string('mid', 64) };
  const sdp = message.string('sdp', MAX_SIGNAL_MESSAGE);
  if (!message.has('key')) return { type, peer, sdp };
  const key = message.object('key');
  return { type, peer, sdp, key: { spki: key.string('spki', 256), signature: key.string('signature', 128) } };
}

export function decodeHostSignal(text: string): HostSignal {
  const message = Reader.json(text, 'signal');
  const type = message.word('type', ['hello', 'answer', 'candidate', 'refused']);
  switch (type) {
    case 'hello':
      return {
        type,
        version: message.integer('version', 1, 0xffff),
        fingerprint: fingerprint(message.string('fingerprint', 128)),
        nonce: readNonce(message),
        iceServers: message.list('iceServers', 16, readIceServer),
      };
    case 'answer':
      return { type, peer: message.word('peer', PURPOSES), sdp: message.string('sdp', MAX_SIGNAL_MESSAGE) };
    case 'candidate':
      return { type, peer: message.word('peer', PURPOSES), candidate: message.string('candidate', 2048), mid: message.string('mid', 64) };
    case 'refused':
      return readRefused(message);
  }
}

/** The bytes that a device key signs: they bind the key to this host, this connection and the certificate in use (rule S5). */
export function deviceKeyStatement(nonce: string, host: Fingerprint, device: Fingerprint): string {
  return `usher-device-key-v1\n${nonce}\n${host}\n${device}`;
}

/** What a device key signs for a token of the API (rule S12); the first line keeps it apart from {@link deviceKeyStatement}. */
export function deviceApiStatement(nonce: string, host: Fingerprint): string {
  return `usher-device-api-v1\n${nonce}\n${host}`;
}

const SDP_FINGERPRINT = 'a=fingerprint:';

/**
 * The one certificate that an SDP names (rule S4). Another hash, or several fingerprints that differ, are refused: nobody honest
 * sends them, and the WebRTC stack might believe one that was not looked at.
 */
export function sdpFingerprint(sdp: string): Fingerprint {
  const lines = sdp.split(/[\r\n]+/).filter((line) => line.toLowerCase().startsWith(SDP_FINGERPRINT));
  const [only, ...others] = new Set(lines.map((line) => line.slice(SDP_FINGERPRINT.length).trim().toLowerCase()));
  if (only === undefined || others.length > 0 || !only.startsWith('sha-256 ')) {
    throw new CodedError('message.malformed', 'an SDP names exactly one SHA-256 fingerprint');
  }
  return fingerprint(only.slice('sha-256 '.length));
}

/** The nonce becomes a line of what the device key signs, so it can't hold a line break. */
function readNonce(message: Reader): string {
  const nonce = message.string('nonce', 128);
  if (!/^[0-9A-Za-z+/=_-]+$/.test(nonce)) throw new CodedError('message.malformed', 'signal.nonce: expected base64 or hex');
  return nonce;
}

function readIceServer(server: Reader): IceServer {
  const username = server.optionalString('username', 512);
  const credential = server.optionalString('credential', 512);
  return {
    urls: server.strings('urls', 8, 512),
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  };
}

function readRefused(message: Reader): HostSignal {
  const code = message.string('code', 64);
  const known: ErrorCode = isErrorCode(code) ? code : 'internal';
  const retrySeconds = message.optionalInteger('retrySeconds', 0, 86_400);
  return {
    type: 'refused',
    code: known,
    message: message.string('message', 1024),
    ...(message.has('peer') ? { peer: message.word('peer', PURPOSES) } : {}),
    ...(retrySeconds === undefined ? {} : { retrySeconds }),
  };
}
