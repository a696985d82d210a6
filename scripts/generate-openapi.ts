import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openApiText } from '../packages/host/testing/openapi-text.ts';

/** Writes docs/openapi.json from the host's routes. Run: node --conditions=@usher/source --import tsx scripts/generate-openapi.ts */
await writeFile(fileURLToPath(new URL('../docs/openapi.json', import.meta.url)), await openApiText());
