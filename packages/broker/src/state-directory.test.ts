import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDirectory, orUnusable, readOwnFile, StateUnusable } from './state-directory.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'usher-broker-'));
  path = join(directory, 'file');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Whether this may give a file away; the rules are the same for everybody else. */
const isRoot = process.getuid?.() === 0;
const SOMEBODY = 12_345;

function writeWithMode(mode: number): void {
  writeFileSync(path, '');
  chmodSync(path, mode);
}

function readProblem(maxBytes = 100): string {
  try {
    return `read ${JSON.stringify(readOwnFile(path, maxBytes))}`;
  } catch (error) {
    if (!(error instanceof StateUnusable)) throw error;
    return error.message.replace(directory, '');
  }
}

describe('a file of the broker’s own', () => {
  it('P6.2: is read where it is ours alone; where there is none, that is no failure', () => {
    expect(readOwnFile(path, 5)).toBeUndefined();
    writeFileSync(path, 'words', { mode: 0o600 });
    expect(readOwnFile(path, 5)).toBe('words');
  });

  it.each([
    ['a link', () => symlinkSync('/etc/passwd', path), "/file can't be opened: ELOOP"],
    ['a directory', () => mkdirSync(path), '/file is no file'],
    ['a pipe, without waiting for its other end', () => execFileSync('mkfifo', [path]), '/file is no file'],
    ['one that is larger than it may be', () => writeFileSync(path, 'x'.repeat(101), { mode: 0o600 }), '/file is larger than 100 bytes'],
    ['one that its group may write', () => writeWithMode(0o620), '/file can be written by others'],
    ['one that everybody may write', () => writeWithMode(0o602), '/file can be written by others'],
  ] as const)('P6.2: is not read where it is %s', (_what, make, problem) => {
    make();
    expect(readProblem()).toBe(problem);
  });

  it.runIf(isRoot)('P6.2: is not read where it is somebody else’s, even if root could', () => {
    writeFileSync(path, 'words', { mode: 0o600 });
    chownSync(path, SOMEBODY, SOMEBODY);
    expect(readProblem()).toBe(`/file belongs to uid ${SOMEBODY}`);
  });
});

describe('a directory of the broker’s own', () => {
  it('P6.2: is nothing else than a directory', () => {
    expect(() => checkDirectory(directory)).not.toThrow();
    writeFileSync(path, '');
    expect(() => checkDirectory(path)).toThrow('is no directory');
    symlinkSync(directory, join(directory, 'link'));
    expect(() => checkDirectory(join(directory, 'link'))).toThrow('is no directory');
    expect(() => checkDirectory(join(directory, 'missing'))).toThrow('ENOENT');
  });

  it.runIf(isRoot)('P6.2: is not somebody else’s', () => {
    chownSync(directory, SOMEBODY, SOMEBODY);
    expect(() => checkDirectory(directory)).toThrow(`belongs to uid ${SOMEBODY}`);
  });
});

describe('what touches the disk', () => {
  it('B8: fails as unusable state, whatever it was', () => {
    const problem = new StateUnusable('the first one');
    const fails = (error: unknown) => () =>
      orUnusable('/somewhere', () => {
        throw error;
      });
    expect(fails(problem)).toThrow(problem);
    expect(fails(Object.assign(new Error('no space'), { code: 'ENOSPC' }))).toThrow(new StateUnusable('/somewhere: ENOSPC'));
    expect(fails('something')).toThrow(new StateUnusable('/somewhere: unknown'));
  });
});
