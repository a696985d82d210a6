import { closeSync, ftruncateSync } from 'node:fs';
import { CodedError } from '@usher/protocol';
import koffi from 'koffi';
import { loadLibrary, type Pointer } from './library.ts';

const MFD_CLOEXEC = 1;
const PROT_READ = 1;
const MAP_SHARED = 1;
/** What mmap returns when it fails: all bits set. */
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

interface MemoryCalls {
  create(name: string, flags: number): number;
  map(address: null, length: number, protection: number, flags: number, fd: number, offset: number): Pointer | null;
  unmap(address: Pointer, length: number): number;
}

let calls: MemoryCalls | undefined;

function memoryCalls(): MemoryCalls {
  if (calls === undefined) {
    const libc = loadLibrary('libc.so.6', 'libc6');
    calls = {
      create: libc.func('int memfd_create(const char *name, unsigned int flags)'),
      map: libc.func('void *mmap(void *addr, size_t length, int prot, int flags, int fd, int64_t offset)'),
      unmap: libc.func('int munmap(void *addr, size_t length)'),
    };
  }
  return calls;
}

/** Memory without a name in any file system, which another process can be handed by descriptor. Read-only for us. */
export interface SharedMemory {
  /** Good until `closeDescriptor`. */
  readonly fd: number;
  readonly address: Pointer;
  readonly length: number;
  /** Once the other side has it, the descriptor is of no more use; the mapping stays. */
  closeDescriptor(): void;
  /** Nobody may be reading from `address` any more. */
  free(): void;
}

export function shareMemory(name: string, length: number): SharedMemory {
  const { create, map, unmap } = memoryCalls();
  const fd = create(name, MFD_CLOEXEC);
  if (fd < 0) throw new CodedError('worker.no-display', `no shared memory: memfd_create failed with error ${koffi.errno()}`);
  ftruncateSync(fd, length);
  const address = map(null, length, PROT_READ, MAP_SHARED, fd, 0);
  if (address === null || address === MAP_FAILED) {
    closeSync(fd);
    throw new CodedError('worker.no-display', `no shared memory: mmap of ${length} bytes failed with error ${koffi.errno()}`);
  }
  return { fd, address, length, closeDescriptor: () => closeSync(fd), free: () => void unmap(address, length) };
}
