import { utf8 } from '@usher/protocol';

export const SECTOR_BYTES = 512;
const SECTORS = 2048;

/** 1 MiB of memory in sectors. Sector n begins with a line that says so, which is how a reader knows that it got the right one. */
export class RamDisk {
  readonly sectors = SECTORS;
  readonly #bytes = new Uint8Array(SECTORS * SECTOR_BYTES);

  constructor() {
    for (let sector = 0; sector < SECTORS; sector += 1) this.#bytes.set(utf8(sectorText(sector)), sector * SECTOR_BYTES);
  }

  has(first: number, count: number): boolean {
    return first + count <= SECTORS;
  }

  read(first: number, count: number): Uint8Array {
    return this.#bytes.slice(first * SECTOR_BYTES, (first + count) * SECTOR_BYTES);
  }

  write(first: number, data: Uint8Array): void {
    this.#bytes.set(data, first * SECTOR_BYTES);
  }
}

/** How a sector of a new disk begins. */
export function sectorText(sector: number): string {
  return `Usher simulated stick, sector ${sector}\n`;
}
