import { type Acl, DENY_ALL } from '@usher/domain';
import { CodedError, toWire } from '@usher/protocol';

/** Where the rules live between two runs. */
export interface AclFile {
  /** Undefined where no file exists. Rejects with a coded error where there is one that mustn't be trusted. */
  load(): Promise<Acl | undefined>;
  save(acl: Acl): Promise<void>;
}

/** What is known about the rules besides the rules: `problem` says why they were not taken from their file. */
export interface AclIntegrity {
  readonly ok: boolean;
  readonly problem?: string;
}

/** The rules in force. They change only together with their file: a failed save is a failed change. */
export class AclStore {
  readonly #file: AclFile;
  readonly #listeners = new Set<() => void>();
  #acl: Acl;
  #integrity: AclIntegrity;
  /** Changes wait for each other, so that none is lost between reading and saving. */
  #changes: Promise<unknown> = Promise.resolve();

  private constructor(file: AclFile, acl: Acl, integrity: AclIntegrity) {
    this.#file = file;
    this.#acl = acl;
    this.#integrity = integrity;
  }

  /** `withoutFile` holds where no file exists; it is kept in memory only, until somebody changes it. */
  static async load(file: AclFile, withoutFile: Acl): Promise<AclStore> {
    try {
      return new AclStore(file, (await file.load()) ?? withoutFile, { ok: true });
    } catch (error) {
      return new AclStore(file, DENY_ALL, { ok: false, problem: toWire(error).message });
    }
  }

  get acl(): Acl {
    return this.#acl;
  }

  get integrity(): AclIntegrity {
    return this.#integrity;
  }

  /** Called after each change that was saved. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** `store.unreadable` while the file on disk isn't trusted: saving would make it so, and lose what it says (U3.2). */
  change(edit: (acl: Acl) => Acl): Promise<Acl> {
    const change = this.#changes.then(async () => {
      const { ok, problem } = this.#integrity;
      if (!ok) throw new CodedError('store.unreadable', problem ?? 'the USB rules could not be read');
      const edited = edit(this.#acl);
      await this.#file.save(edited);
      this.#acl = edited;
      for (const listener of this.#listeners) listener();
      return edited;
    });
    this.#changes = change.catch(() => undefined); // the caller has the failure; the next change starts from what is in force
    return change;
  }
}
