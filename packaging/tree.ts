import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Reader } from '@usher/protocol';

/** What a package ships beside the code that runs: not ours to give on, and most of its size. */
const NOT_SHIPPED =
  /^(docs?|tests?|examples?|website|browser|autogen|scripts|libusb|libusb_config|vendor|\.github|prebuilds\/(?!linux-x64).*|.*\.d\.ts|.*\.map)$/i;
/** Needed to compile, not to run. */
const BUILD_ONLY = new Set(['node-addon-api', '@types/w3c-web-usb']);

/** Copies a package of npm with everything that it needs to run on this kind of machine, as installed in `modules`. */
export async function copyNodePackage(name: string, modules: string, into: string, done = new Set<string>()): Promise<void> {
  if (done.has(name) || BUILD_ONLY.has(name)) return;
  done.add(name);
  const source = join(modules, name);
  const text = await readFile(join(source, 'package.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return; // optional, and of another kind of machine
  await cp(source, join(into, name), {
    recursive: true,
    filter: (path) => path === source || !NOT_SHIPPED.test(path.slice(source.length + 1)),
  });
  const about = Reader.json(text, name);
  for (const field of ['dependencies', 'optionalDependencies']) {
    if (!about.has(field)) continue;
    for (const needed of about.object(field).names()) await copyNodePackage(needed, modules, into, done);
  }
}

/** Writes a file and the directories above it. */
export async function writeInto(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
