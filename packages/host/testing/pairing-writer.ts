import { join } from 'node:path';
import { fingerprint } from '@usher/protocol';
import { PairedDevicesFile } from '../src/store/paired-devices.ts';

/**
 * Pairs one device after the other, as fast as the disk goes, until it is killed; says the number of each that was saved. So many devices are
 * paired again and again, however long it runs: `pairedUnix` is the number.
 */
const [directory = '.', devices = '1'] = process.argv.slice(2);
const store = await PairedDevicesFile.open(join(directory, 'paired.json'));
for (let number = Math.max(-1, ...store.list().map(({ pairedUnix }) => pairedUnix)) + 1; ; number += 1) {
  const device = number % Number(devices);
  await store.add({ fingerprint: fingerprint(device.toString(16).padStart(64, '0')), name: `Device ${device}`, pairedUnix: number });
  process.stdout.write(`${number}\n`);
}
