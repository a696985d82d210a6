import { type Acl, DENY_ALL } from '@usher/domain';
import type { AclFile } from '../src/acl-store.ts';

/** Rules that live as long as the test. */
export class MemoryAclFile implements AclFile {
  #saved: Acl | undefined;
  #changes = 0;

  load(): Promise<Acl | undefined> {
    return Promise.resolve(this.#saved);
  }

  save(acl: Acl): Promise<void> {
    this.#saved = acl;
    this.#changes += 1;
    return Promise.resolve();
  }

  sign(): Promise<void> {
    return this.save(this.#saved ?? DENY_ALL);
  }

  glance(): Promise<string> {
    return Promise.resolve(String(this.#changes));
  }
}
