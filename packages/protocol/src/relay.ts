import { ByteReader, ByteWriter, utf8 } from './bytes.ts';
import { type CursorShape, putCursor, readCursor } from './control/cursor.ts';
import type { Mode } from './control/mode.ts';
import { CodedError, type ErrorCode, isErrorCode } from './errors.ts';
import { decodeInput, encodeInput, type InputEvent } from './input.ts';
import { Reader } from './read.ts';

/** Largest message between host and worker: one key frame of a 4K desktop, with room (rule W2). */
export const MAX_RELAY_MESSAGE = 8 * 1024 * 1024;

/** Video codecs a worker can be asked for; the byte that names them on the relay. */
export const VideoCodec = { H264: 1, Vp8: 2 } as const;
export type VideoCodec = (typeof VideoCodec)[keyof typeof VideoCodec];

const HostType = {
  Start: 0x01,
  StartStream: 0x02,
  StopStream: 0x03,
  Keyframe: 0x04,
  Bitrate: 0x05,
  Resize: 0x06,
  Input: 0x07,
  ViewerGone: 0x08,
  Launch: 0x09,
} as const;
const WorkerType = {
  Hello: 0x80,
  Ready: 0x81,
  Video: 0x82,
  Audio: 0x83,
  Cursor: 0x84,
  Resized: 0x85,
  Failed: 0x86,
  Launched: 0x87,
} as const;

/** Which screen a worker serves: one that it starts itself, or an X display that exists (`:0`). */
export type DisplayChoice = { readonly kind: 'virtual' } | { readonly kind: 'existing'; readonly name: string };

/** What the host tells a worker. One message is `type u8 ‖ body` inside an envelope (rules W1–W8). */
export type HostMessage =
  /** The first message, once: open the display in this size. */
  | { readonly type: 'start'; readonly mode: Mode; readonly display: DisplayChoice; readonly audio: boolean }
  /** Encode this codec from now on, beginning with a key frame. */
  | { readonly type: 'start-stream'; readonly codec: VideoCodec; readonly kbps: number }
  | { readonly type: 'stop-stream'; readonly codec: VideoCodec }
  | { readonly type: 'keyframe'; readonly codec: VideoCodec }
  | { readonly type: 'bitrate'; readonly codec: VideoCodec; readonly kbps: number }
  | { readonly type: 'resize'; readonly mode: Mode }
  /** `viewer` tells whose keys are held; the host numbers its viewers. */
  | { readonly type: 'input'; readonly viewer: number; readonly events: readonly InputEvent[] }
  /** Let go of everything that this viewer holds. */
  | { readonly type: 'viewer-gone'; readonly viewer: number }
  /** Start a title in the session, unless it runs already; answered by `launched` (rule W10). The first word is the program; no shell. */
  | { readonly type: 'launch'; readonly title: string; readonly command: readonly string[] };

/** One encoded picture. Times are microseconds of CLOCK_MONOTONIC, which host and worker share. */
export interface VideoUnit {
  readonly type: 'video';
  readonly codec: VideoCodec;
  readonly key: boolean;
  readonly width: number;
  readonly height: number;
  /** When the screen is known to have changed. */
  readonly changedUs: bigint;
  /** When it was captured. */
  readonly capturedUs: bigint;
  /** An H.264 access unit in Annex B form, or a VP8 frame. */
  readonly data: Uint8Array;
}

/** One Opus packet of 10 ms, stereo; `timestamp` counts samples at 48 kHz and wraps. */
export interface AudioUnit {
  readonly type: 'audio';
  readonly timestamp: number;
  readonly data: Uint8Array;
}

export type WorkerMessage =
  /** The first message: whose worker it is, and what this account lacks, each with the command that mends it (rule W9). */
  | { readonly type: 'hello'; readonly account: string; readonly lacks: readonly string[] }
  /** The display is open. `audio` is false with the reason where the session has no sound. */
  | { readonly type: 'ready'; readonly mode: Mode; readonly display: string; readonly audio: boolean; readonly audioProblem?: string }
  | VideoUnit
  | AudioUnit
  | { readonly type: 'cursor'; readonly cursor: CursorShape }
  /** The answer to each `resize`, and news of a size that changed by itself. */
  | { readonly type: 'resized'; readonly accepted: boolean; readonly mode: Mode }
  /** The answer to each `launch`: without a problem, the title runs. */
  | { readonly type: 'launched'; readonly title: string; readonly problem?: string }
  /** The worker is about to end, and why. */
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string };

const MODE_MAX = 16384;
/** Characters of a title's id: what Hello carries of it (C4), with room for the profile's own. */
const TITLE_MAX = 256;
/** Words of a command, and characters of each: what the library makes (`COMMAND_WORDS_MAX`) and what a profile can hold. */
const COMMAND_MAX = 64;
const WORD_MAX = 4096;
/** A login name of the system; Linux has 32 characters at most, directory services write longer ones. */
const ACCOUNT_MAX = 128;
/** A machine has a handful of graphics nodes, and two groups to get at them. */
const LACKS_MAX = 8;
/** Longest explanation; the sender cuts, so that a program's long complaint never makes its message unreadable. */
const TEXT_MAX = 1024;

export function encodeHostMessage(message: HostMessage): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  switch (message.type) {
    case 'start':
      return out
        .u8(HostType.Start)
        .bytes(utf8(JSON.stringify({ ...message.mode, display: message.display, audio: message.audio })))
        .done();
    case 'start-stream':
      return out.u8(HostType.StartStream).u8(message.codec).u32(message.kbps).done();
    case 'stop-stream':
      return out.u8(HostType.StopStream).u8(message.codec).done();
    case 'keyframe':
      return out.u8(HostType.Keyframe).u8(message.codec).done();
    case 'bitrate':
      return out.u8(HostType.Bitrate).u8(message.codec).u32(message.kbps).done();
    case 'resize':
      return putMode(out.u8(HostType.Resize), message.mode).done();
    case 'input':
      return out.u8(HostType.Input).u16(message.viewer).bytes(encodeInput(message.events)).done();
    case 'viewer-gone':
      return out.u8(HostType.ViewerGone).u16(message.viewer).done();
    case 'launch':
      return out
        .u8(HostType.Launch)
        .bytes(utf8(JSON.stringify({ title: message.title, command: message.command })))
        .done();
  }
}

export function decodeHostMessage(bytes: Uint8Array): HostMessage {
  const reader = new ByteReader(bytes, 'relay');
  const message = readHostMessage(reader);
  reader.end();
  return message;
}

function readHostMessage(reader: ByteReader): HostMessage {
  const type = reader.u8();
  switch (type) {
    case HostType.Start:
      return readStart(Reader.json(reader.rest(), 'start'));
    case HostType.StartStream:
      return { type: 'start-stream', codec: readCodec(reader), kbps: reader.u32() };
    case HostType.StopStream:
      return { type: 'stop-stream', codec: readCodec(reader) };
    case HostType.Keyframe:
      return { type: 'keyframe', codec: readCodec(reader) };
    case HostType.Bitrate:
      return { type: 'bitrate', codec: readCodec(reader), kbps: reader.u32() };
    case HostType.Resize:
      return { type: 'resize', mode: readMode(reader) };
    case HostType.Input:
      return { type: 'input', viewer: reader.u16(), events: decodeInput(reader.rest()) };
    case HostType.ViewerGone:
      return { type: 'viewer-gone', viewer: reader.u16() };
    case HostType.Launch:
      return readLaunch(Reader.json(reader.rest(), 'launch'));
    default:
      throw new CodedError('frame.unknown-op', `relay: unknown host message 0x${type.toString(16)}`);
  }
}

function readStart(body: Reader): HostMessage {
  const mode = {
    width: body.integer('width', 1, MODE_MAX),
    height: body.integer('height', 1, MODE_MAX),
    refreshHz: body.integer('refreshHz', 1, 1000),
  };
  const display = body.object('display');
  const kind = display.word('kind', ['virtual', 'existing']);
  return {
    type: 'start',
    mode,
    display: kind === 'virtual' ? { kind } : { kind, name: display.string('name', 64) },
    audio: body.boolean('audio'),
  };
}

function readLaunch(body: Reader): HostMessage {
  const command = body.strings('command', COMMAND_MAX, WORD_MAX);
  if ((command[0] ?? '') === '') throw new CodedError('message.malformed', 'launch.command: expected a program');
  return { type: 'launch', title: body.string('title', TITLE_MAX), command };
}

export function encodeWorkerMessage(message: WorkerMessage): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  switch (message.type) {
    case 'hello': {
      const account = message.account.slice(0, ACCOUNT_MAX);
      const lacks = message.lacks.slice(0, LACKS_MAX).map((words) => words.slice(0, TEXT_MAX));
      return out
        .u8(WorkerType.Hello)
        .bytes(utf8(JSON.stringify({ account, lacks })))
        .done();
    }
    case 'ready': {
      const body = {
        ...message.mode,
        display: message.display,
        audio: message.audio,
        audioProblem: message.audioProblem?.slice(0, TEXT_MAX),
      };
      return out
        .u8(WorkerType.Ready)
        .bytes(utf8(JSON.stringify(body)))
        .done();
    }
    case 'video':
      return out
        .u8(WorkerType.Video)
        .u8(message.codec)
        .u8(message.key ? 1 : 0)
        .u16(message.width)
        .u16(message.height)
        .u64(message.changedUs)
        .u64(message.capturedUs)
        .bytes(message.data)
        .done();
    case 'audio':
      return out.u8(WorkerType.Audio).u32(message.timestamp).bytes(message.data).done();
    case 'cursor':
      return putCursor(out.u8(WorkerType.Cursor), message.cursor, false).done();
    case 'resized':
      return putMode(out.u8(WorkerType.Resized).u8(message.accepted ? 1 : 0), message.mode).done();
    case 'launched':
      return out
        .u8(WorkerType.Launched)
        .bytes(utf8(JSON.stringify({ title: message.title, problem: message.problem?.slice(0, TEXT_MAX) })))
        .done();
    case 'failed':
      return out
        .u8(WorkerType.Failed)
        .bytes(utf8(JSON.stringify({ code: message.code, message: message.message.slice(0, TEXT_MAX) })))
        .done();
  }
}

export function decodeWorkerMessage(bytes: Uint8Array): WorkerMessage {
  const reader = new ByteReader(bytes, 'relay');
  const message = readWorkerMessage(reader);
  reader.end();
  return message;
}

function readWorkerMessage(reader: ByteReader): WorkerMessage {
  const type = reader.u8();
  switch (type) {
    case WorkerType.Hello: {
      const body = Reader.json(reader.rest(), 'hello');
      return { type: 'hello', account: body.string('account', ACCOUNT_MAX), lacks: body.strings('lacks', LACKS_MAX, TEXT_MAX) };
    }
    case WorkerType.Ready:
      return readReady(Reader.json(reader.rest(), 'ready'));
    case WorkerType.Video:
      return {
        type: 'video',
        codec: readCodec(reader),
        key: (reader.u8() & 1) !== 0,
        width: reader.u16(),
        height: reader.u16(),
        changedUs: reader.u64(),
        capturedUs: reader.u64(),
        data: reader.rest(),
      };
    case WorkerType.Audio:
      return { type: 'audio', timestamp: reader.u32(), data: reader.rest() };
    case WorkerType.Cursor:
      return { type: 'cursor', cursor: readCursor(reader, false) };
    case WorkerType.Resized:
      return { type: 'resized', accepted: reader.boolean(), mode: readMode(reader) };
    case WorkerType.Launched: {
      const body = Reader.json(reader.rest(), 'launched');
      const problem = body.optionalString('problem', TEXT_MAX);
      return { type: 'launched', title: body.string('title', TITLE_MAX), ...(problem === undefined ? {} : { problem }) };
    }
    case WorkerType.Failed: {
      const body = Reader.json(reader.rest(), 'failed');
      const code = body.string('code', 64);
      return { type: 'failed', code: isErrorCode(code) ? code : 'internal', message: body.string('message', TEXT_MAX) };
    }
    default:
      throw new CodedError('frame.unknown-op', `relay: unknown worker message 0x${type.toString(16)}`);
  }
}

function readReady(body: Reader): WorkerMessage {
  const audioProblem = body.optionalString('audioProblem', TEXT_MAX);
  return {
    type: 'ready',
    mode: {
      width: body.integer('width', 1, MODE_MAX),
      height: body.integer('height', 1, MODE_MAX),
      refreshHz: body.integer('refreshHz', 1, 1000),
    },
    display: body.string('display', 64),
    audio: body.boolean('audio'),
    ...(audioProblem === undefined ? {} : { audioProblem }),
  };
}

function putMode(out: ByteWriter, mode: Mode): ByteWriter {
  return out.u32(mode.width).u32(mode.height).u32(mode.refreshHz);
}

function readMode(reader: ByteReader): Mode {
  const mode = { width: reader.u32(), height: reader.u32(), refreshHz: reader.u32() };
  if (mode.width < 1 || mode.height < 1 || mode.width > MODE_MAX || mode.height > MODE_MAX || mode.refreshHz < 1 || mode.refreshHz > 1000) {
    throw new CodedError('message.malformed', `relay: ${mode.width} × ${mode.height} at ${mode.refreshHz} Hz is no mode`);
  }
  return mode;
}

function readCodec(reader: ByteReader): VideoCodec {
  const value = reader.u8();
  if (value !== VideoCodec.H264 && value !== VideoCodec.Vp8) throw new CodedError('message.malformed', `relay: unknown codec ${value}`);
  return value;
}
