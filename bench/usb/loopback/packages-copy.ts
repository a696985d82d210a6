import { cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { removeDirectory } from '../../../tests/harness/temporary-directory.ts';

const AGENT = 'packages/usb-agent/dist/main.js';

/**
 * The built packages in a directory of their own, where the usb-agent is started with more in its environment than a host gives it: the bus that
 * only its libusb is to see. Needs no root, and changes nothing of the packages that are measured.
 */
export async function packagesSeeing(bus: Readonly<Record<string, string>>): Promise<{ readonly directory: string } & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), 'usher-bench-'));
  const here = (path: string) => join(directory, path);
  await mkdir(here('packages'));
  await mkdir(here('packages/usb-agent/dist'), { recursive: true });
  await cp('package.json', here('package.json'));
  // Not a link: a program finds its neighbours by where it really is.
  await cp('packages/host', here('packages/host'), {
    recursive: true,
    filter: (path) => !/\/(node_modules|src|testing)$|\.map$/.test(path),
  });
  await cp('packages/usb-agent/package.json', here('packages/usb-agent/package.json'));
  for (const name of ['worker', 'web']) await symlink(resolve('packages', name), here(`packages/${name}`));
  await symlink(resolve('node_modules'), here('node_modules'));
  await writeFile(here(AGENT), launcher(bus));
  return { directory, [Symbol.asyncDispose]: () => removeDirectory(directory) };
}

/** Its streams are the agent's own: nothing passes through it. */
function launcher(bus: Readonly<Record<string, string>>): string {
  return `import { spawn } from 'node:child_process';
const agent = spawn(process.execPath, [${JSON.stringify(resolve(AGENT))}, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...${JSON.stringify(bus)} },
});
process.on('SIGTERM', () => agent.kill());
agent.once('exit', (code) => process.exit(code ?? 1));
`;
}
