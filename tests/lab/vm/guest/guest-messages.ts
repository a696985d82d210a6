import { ByteReader, ByteWriter, CodedError, Reader, utf8 } from '@usher/protocol';

/** Largest message on the port between lab and guest; a program's output travels in pieces far below it. */
export const MAX_GUEST_MESSAGE = 1024 * 1024;

const ToGuestType = { Ping: 0x01, Start: 0x02, Input: 0x03, EndInput: 0x04, Signal: 0x05 } as const;
const FromGuestType = { Ready: 0x81, Pong: 0x82, Output: 0x83, Complaint: 0x84, Exit: 0x85 } as const;

/** A program of the guest. `user` runs it without root's rights; its own group of processes either way. */
export interface GuestProgram {
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string | undefined;
}

/** What the lab tells the guest's agent. One message is `type u8 ‖ process u32 ‖ body` in an envelope; the lab numbers the processes. */
export type ToGuest =
  | { readonly type: 'ping' }
  | { readonly type: 'start'; readonly process: number; readonly program: GuestProgram }
  | { readonly type: 'input'; readonly process: number; readonly bytes: Uint8Array }
  | { readonly type: 'end-input'; readonly process: number }
  | { readonly type: 'signal'; readonly process: number; readonly signal: string };

export type FromGuest =
  /** The agent has started: once a boot. */
  | { readonly type: 'ready' }
  | { readonly type: 'pong' }
  | { readonly type: 'output'; readonly process: number; readonly bytes: Uint8Array }
  | { readonly type: 'complaint'; readonly process: number; readonly bytes: Uint8Array }
  /** `code` is undefined where a signal ended it. */
  | { readonly type: 'exit'; readonly process: number; readonly code: number | undefined; readonly signal: string | undefined };

export function encodeToGuest(message: ToGuest): Uint8Array {
  const out = new ByteWriter();
  switch (message.type) {
    case 'ping':
      return out.u8(ToGuestType.Ping).u32(0).done();
    case 'start': {
      const { environment, ...rest } = message.program;
      const variables = Object.entries(environment).map(([name, value]) => ({ name, value }));
      return out
        .u8(ToGuestType.Start)
        .u32(message.process)
        .bytes(utf8(JSON.stringify({ ...rest, environment: variables })))
        .done();
    }
    case 'input':
      return out.u8(ToGuestType.Input).u32(message.process).bytes(message.bytes).done();
    case 'end-input':
      return out.u8(ToGuestType.EndInput).u32(message.process).done();
    case 'signal':
      return out.u8(ToGuestType.Signal).u32(message.process).bytes(utf8(message.signal)).done();
  }
}

export function decodeToGuest(bytes: Uint8Array): ToGuest {
  const reader = new ByteReader(bytes, 'guest');
  const type = reader.u8();
  const process = reader.u32();
  switch (type) {
    case ToGuestType.Ping:
      return { type: 'ping' };
    case ToGuestType.Start: {
      const body = Reader.json(reader.rest(), 'start');
      const variables = body.list('environment', 100, (one) => [one.string('name', 256), one.string('value', 4096)] as const);
      return {
        type: 'start',
        process,
        program: {
          command: body.strings('command', 1000, 65_536),
          directory: body.string('directory', 4096),
          environment: Object.fromEntries(variables),
          user: body.optionalString('user', 64),
        },
      };
    }
    case ToGuestType.Input:
      return { type: 'input', process, bytes: reader.rest() };
    case ToGuestType.EndInput:
      return { type: 'end-input', process };
    case ToGuestType.Signal:
      return { type: 'signal', process, signal: Buffer.from(reader.rest()).toString() };
    default:
      throw new CodedError('frame.unknown-op', `the lab said 0x${type.toString(16)}`);
  }
}

export function encodeFromGuest(message: FromGuest): Uint8Array {
  const out = new ByteWriter();
  switch (message.type) {
    case 'ready':
      return out.u8(FromGuestType.Ready).u32(0).done();
    case 'pong':
      return out.u8(FromGuestType.Pong).u32(0).done();
    case 'output':
      return out.u8(FromGuestType.Output).u32(message.process).bytes(message.bytes).done();
    case 'complaint':
      return out.u8(FromGuestType.Complaint).u32(message.process).bytes(message.bytes).done();
    case 'exit':
      return out
        .u8(FromGuestType.Exit)
        .u32(message.process)
        .bytes(utf8(JSON.stringify({ code: message.code, signal: message.signal })))
        .done();
  }
}

export function decodeFromGuest(bytes: Uint8Array): FromGuest {
  const reader = new ByteReader(bytes, 'guest');
  const type = reader.u8();
  const process = reader.u32();
  switch (type) {
    case FromGuestType.Ready:
      return { type: 'ready' };
    case FromGuestType.Pong:
      return { type: 'pong' };
    case FromGuestType.Output:
      return { type: 'output', process, bytes: reader.rest() };
    case FromGuestType.Complaint:
      return { type: 'complaint', process, bytes: reader.rest() };
    case FromGuestType.Exit: {
      const body = Reader.json(reader.rest(), 'exit');
      return { type: 'exit', process, code: body.optionalInteger('code', 0, 255), signal: body.optionalString('signal', 32) };
    }
    default:
      throw new CodedError('frame.unknown-op', `the guest said 0x${type.toString(16)}`);
  }
}
