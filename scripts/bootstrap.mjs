// Makes a fresh checkout ready and then does one thing with it. Plain JavaScript, because nothing is installed yet when it starts.
// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Exit code of a machine that lacks something which only a person (or root) can install. */
const EXIT_NOT_READY = 3;

/** @typedef {{ name: string, why: string }} SystemPackage */
/** @typedef {'run' | 'test' | 'lab'} PackageGroup */
/** @type {Record<string, { packages: PackageGroup[], build: boolean, command: string[] }>} */
const tasks = {
  start: { packages: ['run'], build: true, command: ['packages/cli/dist/main.js', 'up'] },
  test: { packages: ['run', 'test'], build: true, command: ['--conditions=@usher/source', '--import', 'tsx', 'scripts/test.ts'] },
  check: { packages: [], build: false, command: ['--conditions=@usher/source', '--import', 'tsx', 'scripts/test.ts', 'check'] },
  lab: { packages: ['run', 'test', 'lab'], build: true, command: ['--conditions=@usher/source', '--import', 'tsx', 'scripts/lab.ts'] },
  bench: { packages: ['run', 'test'], build: true, command: ['--conditions=@usher/source', '--import', 'tsx', 'bench/main.ts'] },
};

const [taskName = '', ...rest] = process.argv.slice(2);
const task = tasks[taskName];
if (task === undefined) stop(`usage: node scripts/bootstrap.mjs ${Object.keys(tasks).join('|')} [ARGUMENTS]`, 2);
else {
  requireNode();
  // Two of the benches measure in the labs' machines.
  requireSystemPackages(
    taskName === 'bench' && (rest.includes('usb') || rest.includes('sessions')) ? [...task.packages, 'lab'] : task.packages,
  );
  installDependencies();
  if (task.build) run(process.execPath, ['--import', 'tsx', 'scripts/build.ts']);
  process.exitCode = hand(process.execPath, [...task.command, ...rest]);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 20)) stop(`Usher needs Node 20.20 or newer; this is ${process.version}.`, EXIT_NOT_READY);
}

/** @param {PackageGroup[]} groups */
function requireSystemPackages(groups) {
  /** @type {Record<PackageGroup, SystemPackage[]>} */
  const known = JSON.parse(readFileSync(join(root, 'scripts/system-packages.json'), 'utf8'));
  const missing = groups.flatMap((group) => known[group]).filter((wanted) => !isInstalled(wanted.name));
  if (missing.length === 0) return;
  const names = missing.map((wanted) => wanted.name);
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  console.error('Usher needs these packages of the system:');
  for (const wanted of missing) console.error(`  ${wanted.name.padEnd(28)} ${wanted.why}`);
  if (spawnSync('apt-get', ['--version']).error !== undefined) {
    stop('This machine has no apt-get; install them with its own package manager, then run this again.', EXIT_NOT_READY);
  }
  if (process.getuid?.() !== 0) stop(`Install them, then run this again:\n  sudo ${command}`, EXIT_NOT_READY);
  console.error(`Installing them: ${command}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  /** @param {'ignore' | 'inherit'} complaints */
  const install = (complaints) =>
    spawnSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', complaints], env: environment }).status === 0;
  // A machine that never ran `apt-get update` (or long ago) doesn't know where the packages are; what it says of that would only frighten.
  if (install('ignore')) return;
  console.error('apt-get doesn’t have them yet; fetching its lists of packages …');
  spawnSync('apt-get', ['update'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (!install('inherit')) stop('The packages could not be installed; apt-get said why above.', EXIT_NOT_READY);
}

/** @param {string} name */
function isInstalled(name) {
  const query = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' });
  return query.status === 0 && query.stdout.includes('\nStatus: install ok installed\n');
}

/**
 * Installs what the lock file names where node_modules is missing or older. Not by `npm ci`: it refuses a lock file that lacks the optional
 * binaries of other platforms, and a mirror that doesn't hold those can't write them into one.
 */
function installDependencies() {
  const installed = join(root, 'node_modules/.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.error('Installing the npm packages of the lock file …');
  run('npm', ['install', '--no-save', '--loglevel=error']);
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (error !== undefined || status !== 0) stop(`${command} ${args.join(' ')} failed.`, 1);
}

/**
 * Runs the task itself in this terminal; its exit code is ours.
 * @param {string} command
 * @param {string[]} args
 */
function hand(command, args) {
  // The terminal sends Ctrl-C to the whole group: the task ends itself, and this process only waits for it.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => {});
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) stop(`${command} could not be started: ${error.message}`, 1);
  return status ?? 1;
}

/**
 * @param {string} message
 * @param {number} code
 * @returns {never}
 */
function stop(message, code) {
  console.error(message);
  process.exit(code);
}
