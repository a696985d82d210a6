import { CodedError } from '@usher/protocol';
import koffi, { type LibraryHandle } from 'koffi';

/** An address in this process, as koffi hands it out; a null pointer is null. */
export type Pointer = bigint;

/** Loads a shared library, or says which Debian package holds it. */
export function loadLibrary(file: string, debianPackage: string): LibraryHandle {
  try {
    return koffi.load(file);
  } catch (cause) {
    throw new CodedError('worker.missing-program', `${file} is not installed; on Debian: sudo apt install ${debianPackage}`, { cause });
  }
}
