/** `npm run debs [-- DIRECTORY]`: the Debian packages, from a finished build. */
import { resolve } from 'node:path';
import { buildUsherDebs } from './usher-debs.ts';

const { usher, broker } = await buildUsherDebs(resolve(process.argv[2] ?? 'dist'));
console.log(`${usher}\n${broker}`);
