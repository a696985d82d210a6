/**
 * `npm run generate`: writes docs/openapi.json from the host's routes, the SDK's API client from it, and docs/actions.json from the table of
 * actions. With `--check` it writes nothing and fails where what is committed differs (requirement P8.2).
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@hey-api/openapi-ts';
import { actionsText } from '../packages/host/testing/actions-text.ts';
import { openApiText } from '../packages/host/testing/openapi-text.ts';
import clientConfig from '../packages/sdk/openapi-ts.config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENT = 'docs/openapi.json';
const ACTIONS = 'docs/actions.json';
const CLIENT = 'packages/sdk/src/api/generated';

const made = new Map([[DOCUMENT, await openApiText()], [ACTIONS, actionsText()], ...(await clientOf(await openApiText()))]);
const stale = await differences(made);
if (process.argv.includes('--check')) {
  if (stale.length > 0) console.error(`Not as the routes say; run npm run generate:\n  ${stale.join('\n  ')}`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  await rm(join(root, CLIENT), { recursive: true, force: true });
  for (const [path, text] of made) await write(join(root, path), text);
  console.error(stale.length === 0 ? 'Nothing has changed.' : `Changed:\n  ${stale.join('\n  ')}`);
}

/** The client's files by their paths in the repository. */
async function clientOf(document: string): Promise<readonly (readonly [string, string])[]> {
  const directory = await mkdtemp(join(tmpdir(), 'usher-generate-'));
  try {
    const input = join(directory, 'openapi.json');
    const output = join(directory, 'client');
    await writeFile(input, document);
    const [config] = [await clientConfig].flat();
    if (config === undefined || typeof config.output !== 'object' || Array.isArray(config.output)) throw new TypeError('one output');
    await createClient({ ...config, input, output: { ...config.output, path: output }, logs: { level: 'silent', file: false } });
    return await Promise.all(
      (await filesIn(output)).map(
        async (path) => [join(CLIENT, path), withoutRegistry(await readFile(join(output, path), 'utf8'))] as const,
      ),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A comment of the generator's runtime links to a package registry; no file of ours names one. */
function withoutRegistry(text: string): string {
  return text.replaceAll(/\{@link https:\/\/www\.npmjs\.com\/\S+ (`[^`]+`)\}/g, '$1');
}

/** Files that are missing, not as made, or not made any more. */
async function differences(wanted: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const present = (await filesIn(join(root, CLIENT)).catch(() => [])).map((path) => join(CLIENT, path)); // nothing generated yet
  const changed: string[] = [];
  for (const path of new Set([...wanted.keys(), ...present])) {
    const text = await readFile(join(root, path), 'utf8').catch(() => undefined); // a missing file differs from every text
    if (text !== wanted.get(path)) changed.push(path);
  }
  return changed;
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(directory, join(entry.parentPath, entry.name)));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
