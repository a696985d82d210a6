import { type Figure, summary } from '../figures.ts';
import type { BenchProgram } from './bench-program.ts';
import { type Measurable, roundTrips, throughput } from './measurable.ts';

/** Bytes of each read. */
const READ = 16 * 1024;
/** Reads that are under way where several are. */
const IN_FLIGHT = 16;
/** Of the line with a delay, one way; there and back it is 20 ms. */
export const DELAY_MS = 10;

/** How much is measured. */
export interface Sizes {
  readonly rounds: number;
  readonly bytes: number;
  /** At 20 ms, with 16 reads under way; the base protocol's one read moves an eighth of it. */
  readonly delayedBytes: number;
  readonly togetherSeconds: number;
}

export interface Measured {
  /** Milliseconds of each control transfer of 18 bytes. */
  readonly control: readonly number[];
  /** Bytes a second, with 16 reads of 16 KiB always under way. */
  readonly bulk: number;
}

export interface MeasuredUsher extends Measured {
  /** Milliseconds of a message to the host and back, with nothing of USB. */
  readonly echo: readonly number[];
  /** Bytes a second at 20 ms: v2 with 16 reads under way, and the base protocol with its one. */
  readonly delayed: number;
  readonly base: number;
  /** Bytes of each of eight devices in the same time. */
  readonly together: readonly number[];
}

/** The same device by each way. */
export interface Ways {
  /** In the process that has the device. */
  readonly direct: Measured;
  /** One data channel between two processes, with nothing of USB or Usher: what WebRTC takes here by itself. */
  readonly bare: Measured;
  /** The other program's way; undefined where it isn't installed. */
  readonly peer: Measured | undefined;
  readonly usher: MeasuredUsher;
}

export function streamOf(bytes: number, inFlight = IN_FLIGHT) {
  return { bytes, length: READ, inFlight };
}

export async function measure(device: Measurable, { rounds, bytes }: Sizes): Promise<Measured> {
  const control = await roundTrips(() => device.control(), { count: rounds });
  return { control, bulk: await throughput(device, streamOf(bytes)) };
}

/** What a program of the bench has opened, and then its end. */
export async function measureProgram(program: BenchProgram, { rounds, bytes }: Sizes): Promise<Measured> {
  const control = await program.numbers({ do: 'control', count: rounds });
  const bulk = await program.number({ do: 'bulk', stream: streamOf(bytes) });
  await program.end();
  return { control, bulk };
}

/** The figures that are told wherever USB passthrough is measured; each beside the peer's where there is such a thing. */
export function usbFigures({ direct, bare, peer, usher }: Ways, { togetherSeconds }: Sizes): readonly Figure[] {
  const [here, there] = [summary(usher.control), peer && summary(peer.control)];
  const ms = (name: string, value: number, other?: number): Figure => ({ name, unit: 'ms', value, ...beside(other) });
  const rate = (name: string, value: number, other?: number): Figure => ({
    ...{ name, unit: 'MiB/s', value: mebibytes(value) },
    ...beside(other === undefined ? undefined : mebibytes(other)),
  });
  return [
    ms('control transfer of 18 bytes, nothing between, median', summary(direct.control).median),
    ms('the same over WebRTC, median', here.median, there?.median),
    ms('the same over WebRTC, p95', here.p95, there?.p95),
    ms('a message over WebRTC and back, nothing of USB, median', summary(usher.echo).median, there?.median),
    ms('the same, nothing of Usher either, median', summary(bare.control).median, there?.median),
    rate('bulk IN, 16 reads under way, nothing between', direct.bulk),
    rate('the same over WebRTC', usher.bulk, peer?.bulk),
    rate('as many bytes over WebRTC, nothing of USB or Usher', bare.bulk, peer?.bulk),
    rate('bulk IN at 20 ms, 16 reads under way (peer: base protocol)', usher.delayed, usher.base),
    { name: 'the base protocol’s one read ÷ that', unit: '×', value: usher.base / usher.delayed, atMost: 0.1 },
    {
      name: 'eight devices at once: fastest ÷ slowest',
      unit: '×',
      value: Math.max(...usher.together) / Math.min(...usher.together),
      atMost: 2,
    },
    rate('eight devices at once, all', usher.together.reduce((total, bytes) => total + bytes, 0) / togetherSeconds),
  ];
}

export function mebibytes(bytes: number): number {
  return bytes / 2 ** 20;
}

function beside(peer: number | undefined): Pick<Figure, 'peer'> {
  return peer === undefined ? {} : { peer };
}
