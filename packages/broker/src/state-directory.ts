import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';

/** The broker's own files can't be used, or others than root could have written them. The message is for the log. */
export class StateUnusable extends Error {
  constructor(problem: string, cause?: unknown) {
    super(problem, { cause });
    this.name = 'StateUnusable';
  }
}

/** @throws StateUnusable for a directory that isn't ours alone to write. */
export function checkDirectory(path: string): void {
  const status = orUnusable(path, () => lstatSync(path));
  if (!status.isDirectory()) throw new StateUnusable(`${path} is no directory`);
  checkOwner(path, status);
}

/** A small file of ours; undefined where there is none. @throws StateUnusable for one that others could have written, or that is too large. */
export function readOwnFile(path: string, maxBytes: number): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (errorWord(error) === 'ENOENT') return undefined;
    throw new StateUnusable(`${path} can't be opened: ${errorWord(error)}`, error);
  }
  try {
    // What is open is looked at, not what the name means by now.
    const status = fstatSync(file);
    if (!status.isFile()) throw new StateUnusable(`${path} is no file`);
    checkOwner(path, status);
    if (status.size > maxBytes) throw new StateUnusable(`${path} is larger than ${maxBytes} bytes`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** Runs what touches the disk, so that a failure is `StateUnusable`. */
export function orUnusable<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StateUnusable) throw error;
    throw new StateUnusable(`${path}: ${errorWord(error)}`, error);
  }
}

function checkOwner(path: string, { uid, mode }: { readonly uid: number; readonly mode: number }): void {
  // In service that is root; in a test, whoever runs it.
  if (uid !== process.getuid?.()) throw new StateUnusable(`${path} belongs to uid ${uid}`);
  if ((mode & 0o022) !== 0) throw new StateUnusable(`${path} can be written by others`);
}

function errorWord(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
