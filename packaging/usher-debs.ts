import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Reader } from '@usher/protocol';
import { buildDeb } from './deb.ts';
import { copyNodePackage, writeInto } from './tree.ts';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));
/** What the programs load at run time, outside of their bundles. */
const LOADED = ['node-datachannel', '@node-rs/argon2', 'koffi', 'x11', 'usb'];
const PROGRAMS = ['host', 'worker', 'usb-agent', 'cli', 'web'];

export interface UsherDebs {
  readonly usher: string;
  readonly broker: string;
}

/** Builds both packages into `directory`, from what `npm run build` has built. `version` is package.json's, unless an upgrade is tried. */
export async function buildUsherDebs(directory: string, version?: string): Promise<UsherDebs> {
  await mkdir(directory, { recursive: true });
  const about = Reader.json(await readFile(join(PROJECT, 'package.json'), 'utf8'), 'package.json');
  const common = { version: version ?? about.string('version'), unix: commitTime() };
  const named = (name: string) => join(directory, `${name}_${common.version}_amd64.deb`);
  const debs = { usher: named('usher'), broker: named('usher-broker') };
  await buildDeb({
    ...common,
    source: join(PROJECT, 'packaging/usher'),
    control: [`Depends: nodejs (>= 20.20), ${(await runtimePackages()).join(', ')}`],
    fill: fillUsher,
    output: debs.usher,
  });
  await buildDeb({
    ...common,
    source: join(PROJECT, 'packaging/usher-broker'),
    // The same version: host and broker are built together.
    control: [`Depends: nodejs (>= 20.20), usher (= ${common.version}), systemd, libpam-systemd, dbus, perl-base`],
    fill: fillBroker,
    output: debs.broker,
  });
  return debs;
}

async function fillUsher(root: string): Promise<void> {
  const into = join(root, 'usr/lib/usher');
  for (const name of PROGRAMS) {
    await cp(join(PROJECT, 'packages', name, 'dist'), join(into, name, 'dist'), {
      recursive: true,
      filter: (path) => !path.endsWith('.map'),
    });
  }
  await writeInto(join(into, 'package.json'), '{ "type": "module" }\n');
  for (const name of LOADED) await copyNodePackage(name, join(PROJECT, 'node_modules'), join(into, 'node_modules'));
  await cp(join(PROJECT, 'LICENSE'), join(root, 'usr/share/doc/usher/copyright'), { recursive: true });
}

async function fillBroker(root: string): Promise<void> {
  await cp(join(PROJECT, 'packages/broker/dist/main.js'), join(root, 'usr/lib/usher-broker/broker.mjs'));
  await cp(join(PROJECT, 'LICENSE'), join(root, 'usr/share/doc/usher-broker/copyright'), { recursive: true });
}

/** Of Debian, as `npm start` installs them. */
async function runtimePackages(): Promise<readonly string[]> {
  const groups = Reader.json(await readFile(join(PROJECT, 'scripts/system-packages.json'), 'utf8'), 'system-packages');
  return groups.list('run', 100, (item) => item.string('name'));
}

/** When the sources last changed: what SOURCE_DATE_EPOCH says, else the last commit's time, also in a checkout that is somebody else's. */
function commitTime(): number {
  const ask = ['-c', 'safe.directory=*', 'log', '-1', '--format=%ct'];
  const text = process.env['SOURCE_DATE_EPOCH'] ?? execFileSync('git', ask, { cwd: PROJECT, encoding: 'utf8' });
  if (!/^\d{1,12}\s*$/.test(text)) throw new Error('SOURCE_DATE_EPOCH is no number of seconds');
  return Number(text);
}
