import { concat, utf8 } from '@usher/protocol';
import { type RamDisk, SECTOR_BYTES } from './ram-disk.ts';

/** The commands of SBC-2/SPC-3 that operating systems send to a stick. */
const Command = {
  TestUnitReady: 0x00,
  RequestSense: 0x03,
  Inquiry: 0x12,
  ModeSense6: 0x1a,
  StartStopUnit: 0x1b,
  PreventRemoval: 0x1e,
  ReadCapacity10: 0x25,
  Read10: 0x28,
  Write10: 0x2a,
  Verify10: 0x2f,
  SynchronizeCache10: 0x35,
} as const;

/** Sense key and additional sense code: why the last command failed. */
const NO_SENSE = [0x00, 0x00] as const;
const INVALID_COMMAND = [0x05, 0x20] as const;
const OUT_OF_RANGE = [0x05, 0x21] as const;
const INVALID_FIELD = [0x05, 0x24] as const;
type Sense = readonly [key: number, code: number];

export interface ScsiResult {
  readonly ok: boolean;
  readonly data: Uint8Array;
}

const DONE: ScsiResult = { ok: true, data: new Uint8Array() };

/** A SCSI direct-access device in front of a RAM disk. */
export class ScsiDisk {
  readonly #disk: RamDisk;
  #sense: Sense = NO_SENSE;

  constructor(disk: RamDisk) {
    this.#disk = disk;
  }

  /** One command descriptor block (1…16 bytes) with the data that came for it. A failed command leaves its sense for REQUEST SENSE. */
  execute(block: Uint8Array, written: Uint8Array): ScsiResult {
    const command = concat([block, new Uint8Array(16)]).subarray(0, 16); // a short block reads as zeros where it ends
    const operation = command[0] ?? 0;
    if (operation === Command.RequestSense) return this.#requestSense();
    this.#sense = NO_SENSE;
    switch (operation) {
      case Command.TestUnitReady:
      case Command.StartStopUnit:
      case Command.PreventRemoval:
      case Command.Verify10:
      case Command.SynchronizeCache10:
        return DONE;
      case Command.Inquiry:
        return this.#inquiry(command);
      case Command.ModeSense6:
        return { ok: true, data: new Uint8Array([3, 0, 0, 0]) }; // no pages, not write-protected
      case Command.ReadCapacity10:
        return { ok: true, data: bigEndian(this.#disk.sectors - 1, SECTOR_BYTES) };
      case Command.Read10:
        return this.#read(range(command));
      case Command.Write10:
        return this.#write(range(command), written);
      default:
        return this.#fail(INVALID_COMMAND);
    }
  }

  #inquiry(command: Uint8Array): ScsiResult {
    if (((command[1] ?? 0) & 0x01) !== 0) return this.#fail(INVALID_FIELD); // no vital product data pages
    const names = utf8('Usher   Simulated stick 1.00');
    // A removable disk, SPC-3, 31 more bytes.
    return { ok: true, data: concat([new Uint8Array([0x00, 0x80, 0x05, 0x02, 31, 0, 0, 0]), names]) };
  }

  #read({ first, count }: { readonly first: number; readonly count: number }): ScsiResult {
    return this.#disk.has(first, count) ? { ok: true, data: this.#disk.read(first, count) } : this.#fail(OUT_OF_RANGE);
  }

  #write({ first, count }: { readonly first: number; readonly count: number }, written: Uint8Array): ScsiResult {
    if (!this.#disk.has(first, count)) return this.#fail(OUT_OF_RANGE);
    if (written.length !== count * SECTOR_BYTES) return this.#fail(INVALID_FIELD);
    this.#disk.write(first, written);
    return DONE;
  }

  #requestSense(): ScsiResult {
    const [key, code] = this.#sense;
    this.#sense = NO_SENSE;
    const data = new Uint8Array(18);
    data.set([0x70, 0, key]);
    data[7] = 10;
    data[12] = code;
    return { ok: true, data };
  }

  #fail(sense: Sense): ScsiResult {
    this.#sense = sense;
    return { ok: false, data: new Uint8Array() };
  }
}

/** First sector and count of READ(10) and WRITE(10). */
function range(command: Uint8Array): { readonly first: number; readonly count: number } {
  const view = new DataView(command.buffer, command.byteOffset, command.byteLength);
  return { first: view.getUint32(2), count: view.getUint16(7) };
}

function bigEndian(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value);
  return bytes;
}
