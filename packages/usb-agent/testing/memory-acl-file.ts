import type { Acl } from '@usher/domain';
import type { AclFile } from '../src/acl-store.ts';

/** Rules that live as long as the test. */
export class MemoryAclFile implements AclFile {
  saved: Acl | undefined;

  load(): Promise<Acl | undefined> {
    return Promise.resolve(this.saved);
  }

  save(acl: Acl): Promise<void> {
    this.saved = acl;
    return Promise.resolve();
  }
}
