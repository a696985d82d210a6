import { parseConfiguration } from '@usher/usb';

/** Where a device is asked from, and how much of it is under way. */
export interface Round {
  readonly count: number;
}
export interface Stream {
  readonly bytes: number;
  /** Bytes of each read. */
  readonly length: number;
  readonly inFlight: number;
}

/** GET_DESCRIPTOR for the whole configuration of any device that is measured. */
export const CONFIGURATION = { requestType: 0x80, request: 6, value: 0x0200, length: 512 } as const;

/** The endpoint that the device says something on without end. */
export function bulkIn(configuration: Uint8Array): number {
  const [first] = parseConfiguration(configuration).interfaces;
  const found = first?.endpoints.find(({ address, type }) => type === 'bulk' && (address & 0x80) !== 0);
  if (found === undefined) throw new Error('the device has no bulk endpoint to read from');
  return found.address;
}

/** A device that can be measured, whatever lies between. */
export interface Measurable {
  /** One 18-byte control transfer: GET_DESCRIPTOR of the device. */
  control(): Promise<unknown>;
  read(length: number): Promise<Uint8Array>;
}

/** Before anything is measured: an engine that compiles as it runs has compiled what it runs often. */
const WARM_UP_ROUNDS = 200;

/** Milliseconds of each of `count` questions, one after the other. */
export async function roundTrips(ask: () => Promise<unknown>, { count }: Round): Promise<readonly number[]> {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await ask();
  const took: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const begun = performance.now();
    await ask();
    took.push(performance.now() - begun);
  }
  return took;
}

/** Bytes a second, with so many reads always under way. */
export async function throughput(device: Measurable, { bytes, length, inFlight }: Stream): Promise<number> {
  let [asked, got] = [0, 0];
  const begun = performance.now();
  const lane = async () => {
    while (asked < bytes) {
      asked += length;
      const read = await device.read(length);
      got += read.length;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return got / ((performance.now() - begun) / 1000);
}

/** Bytes that each device has given in the same time, with so many reads always under way on each. */
export function together(devices: readonly Measurable[], { seconds, inFlight }: { readonly seconds: number; readonly inFlight: number }) {
  const end = performance.now() + seconds * 1000;
  return Promise.all(
    devices.map(async (device) => {
      let got = 0;
      const lane = async () => {
        while (performance.now() < end) {
          const read = await device.read(16 * 1024);
          got += read.length;
        }
      };
      await Promise.all(Array.from({ length: inFlight }, lane));
      return got;
    }),
  );
}
