import { join } from 'node:path';
import { fingerprint } from '@usher/protocol';
import { PairedDevicesFile } from '../src/store/paired-devices.ts';

/** Pairs one device after the other, as fast as the disk goes, until it is killed; says the number of each that was saved. */
const [directory = '.'] = process.argv.slice(2);
const store = await PairedDevicesFile.open(join(directory, 'paired.json'));
for (let number = store.list().length; ; number += 1) {
  await store.add({ fingerprint: fingerprint(number.toString(16).padStart(64, '0')), name: `Device ${number}`, pairedUnix: number });
  process.stdout.write(`${number}\n`);
}
