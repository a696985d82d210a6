import { spawn } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Scripts of dpkg, which it runs; everything else of DEBIAN is read. */
const SCRIPTS = new Set(['postinst', 'prerm', 'postrm']);

export interface DebOptions {
  /** A folder of `packaging`: `debian/` for dpkg, `root/` for the machine. */
  readonly source: string;
  readonly version: string;
  /** Lines that the control file gets besides the version, such as `Depends: …`. */
  readonly control: readonly string[];
  /** Adds what was built to the tree of the machine. */
  readonly fill: (root: string) => Promise<void>;
  /** The time that every file gets: the same input makes the same bytes. Seconds since 1970. */
  readonly unix: number;
  readonly output: string;
}

/** Builds one package with dpkg-deb. Twice from the same input, the files are identical byte by byte. */
export async function buildDeb(options: DebOptions): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'usher-deb-'));
  try {
    const root = join(work, 'root');
    await cp(join(options.source, 'root'), root, { recursive: true });
    await options.fill(root);
    await evenModes(root);
    await writeDebian(options, root);
    // gzip: xz would depend on how many processors there are.
    await dpkgDeb(['--root-owner-group', '-Zgzip', '--build', root, options.output], options.unix);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function writeDebian({ source, version, control }: DebOptions, root: string): Promise<void> {
  const kibibytes = Math.ceil((await bytesOf(root)) / 1024);
  const directory = join(root, 'DEBIAN');
  await mkdir(directory, { mode: 0o755 });
  for (const name of await readdir(join(source, 'debian'))) {
    const text = await readFile(join(source, 'debian', name), 'utf8');
    const whole = name === 'control' ? withFields(text, [`Version: ${version}`, `Installed-Size: ${kibibytes}`, ...control]) : text;
    await writeFile(join(directory, name), whole);
    await chmod(join(directory, name), SCRIPTS.has(name) ? 0o755 : 0o644);
  }
  await chmod(directory, 0o755);
}

/** Behind the first line, because a description must come last. */
function withFields(control: string, fields: readonly string[]): string {
  const [first = '', ...rest] = control.split('\n');
  return [first, ...fields, ...rest].join('\n');
}

/** A checkout's umask is nobody else's: directories and programs 0755, everything else 0644. */
async function evenModes(path: string): Promise<void> {
  const status = await lstat(path);
  if (status.isSymbolicLink()) return;
  if (!status.isDirectory()) {
    await chmod(path, (status.mode & 0o111) === 0 ? 0o644 : 0o755);
    return;
  }
  await chmod(path, 0o755);
  for (const name of await readdir(path)) await evenModes(join(path, name));
}

async function bytesOf(path: string): Promise<number> {
  const status = await lstat(path);
  if (!status.isDirectory()) return status.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => bytesOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function dpkgDeb(args: readonly string[], unix: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('dpkg-deb', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8', SOURCE_DATE_EPOCH: String(unix) },
    });
    child.once('error', reject);
    child.once('close', (status) => (status === 0 ? resolve() : reject(new Error(`dpkg-deb ended with ${status}`))));
  });
}
