import { MessageType, openTyped, typed } from './magic.ts';

/** A picture size and rate: pixels and hertz. */
export interface Mode {
  readonly width: number;
  readonly height: number;
  readonly refreshHz: number;
}

/** Viewer → host, 17 bytes: a size that the viewer wants from now on (requirement P7.3). */
export function encodeReconfigure(mode: Mode): Uint8Array<ArrayBuffer> {
  return typed(MessageType.Reconfigure).u32(mode.width, true).u32(mode.height, true).u32(mode.refreshHz, true).done();
}

export function decodeReconfigure(bytes: Uint8Array): Mode {
  const reader = openTyped(bytes, MessageType.Reconfigure, 'Reconfigure');
  const mode = { width: reader.u32(true), height: reader.u32(true), refreshHz: reader.u32(true) };
  reader.end();
  return mode;
}

/** Host → viewer, 18 bytes: whether the wish was met, and the size that now holds. */
export interface Reconfigured extends Mode {
  readonly accepted: boolean;
}

export function encodeReconfigured(answer: Reconfigured): Uint8Array<ArrayBuffer> {
  return typed(MessageType.Reconfigured)
    .u8(answer.accepted ? 1 : 0)
    .u32(answer.width, true)
    .u32(answer.height, true)
    .u32(answer.refreshHz, true)
    .done();
}

export function decodeReconfigured(bytes: Uint8Array): Reconfigured {
  const reader = openTyped(bytes, MessageType.Reconfigured, 'Reconfigured');
  const answer = { accepted: reader.boolean(), width: reader.u32(true), height: reader.u32(true), refreshHz: reader.u32(true) };
  reader.end();
  return answer;
}

/** Viewer → host, 5 bytes: the picture can't be decoded without a key frame. */
export function encodeRequestKeyframe(): Uint8Array<ArrayBuffer> {
  return typed(MessageType.RequestKeyframe).done();
}

export function decodeRequestKeyframe(bytes: Uint8Array): void {
  openTyped(bytes, MessageType.RequestKeyframe, 'RequestKeyframe').end();
}

/** Viewer → host, 13 bytes; the host echoes t1 and adds its own clock. Nanoseconds of any monotonic clock. */
export function encodeClockProbe(t1: bigint): Uint8Array<ArrayBuffer> {
  return typed(MessageType.ClockProbe).u64(t1, true).done();
}

export function decodeClockProbe(bytes: Uint8Array): bigint {
  const reader = openTyped(bytes, MessageType.ClockProbe, 'ClockProbe');
  const t1 = reader.u64(true);
  reader.end();
  return t1;
}

/** Host → viewer, 29 bytes: the probe's time, and when the host received and answered it. */
export interface ClockEcho {
  readonly t1: bigint;
  readonly t2: bigint;
  readonly t3: bigint;
}

export function encodeClockEcho(echo: ClockEcho): Uint8Array<ArrayBuffer> {
  return typed(MessageType.ClockEcho).u64(echo.t1, true).u64(echo.t2, true).u64(echo.t3, true).done();
}

export function decodeClockEcho(bytes: Uint8Array): ClockEcho {
  const reader = openTyped(bytes, MessageType.ClockEcho, 'ClockEcho');
  const echo = { t1: reader.u64(true), t2: reader.u64(true), t3: reader.u64(true) };
  reader.end();
  return echo;
}
