import { type Acl, DENY_ALL } from '@usher/domain';
import { CodedError, toWire } from '@usher/protocol';
import { OpenFileError } from './safe-file.ts';

/** Where the rules live between two runs. */
export interface AclFile {
  /** Undefined where no file exists. Rejects with a coded error where there is one that mustn't be trusted. */
  load(): Promise<Acl | undefined>;
  save(acl: Acl): Promise<void>;
  /** Vouches for what the file says now; where it is gone, for rules that refuse everything. */
  sign(): Promise<void>;
  /** Another word after each change to the file or to what vouches for it; far cheaper than loading. */
  glance(): Promise<string>;
}

/** What is known about the rules besides the rules. */
export interface AclIntegrity {
  readonly ok: boolean;
  /** Why they were not taken from their file. */
  readonly problem?: string;
  /** The command that mends it; where there is none, somebody has to look at the file and sign it. */
  readonly mend?: string;
}

/** Who changed the rules: this agent when it was asked to, or whoever writes the file. */
export type ChangeOrigin = 'agent' | 'file';

/** The rules in force: always what their file says, and DENY_ALL while it isn't believed (U3.2). */
export class AclStore {
  readonly #file: AclFile;
  readonly #withoutFile: Acl;
  readonly #listeners = new Set<(origin: ChangeOrigin) => void>();
  #acl: Acl = DENY_ALL;
  #integrity: AclIntegrity = { ok: true };
  #hasFile = false;
  #glance: string | undefined;
  /** Whatever reads or writes the file waits for what came before, so that no change is lost in between. */
  #work: Promise<unknown> = Promise.resolve();

  private constructor(file: AclFile, withoutFile: Acl) {
    this.#file = file;
    this.#withoutFile = withoutFile;
  }

  /** `withoutFile` holds where no file exists. It is never saved: the first change starts from DENY_ALL. */
  static async load(file: AclFile, withoutFile: Acl): Promise<AclStore> {
    const store = new AclStore(file, withoutFile);
    await store.refresh();
    return store;
  }

  get acl(): Acl {
    return this.#acl;
  }

  get integrity(): AclIntegrity {
    return this.#integrity;
  }

  /** Whether the rules come from a file; otherwise they are what holds without one. */
  get hasFile(): boolean {
    return this.#hasFile;
  }

  /** Called after each change of what holds, until the function returned is called. */
  onChange(listener: (origin: ChangeOrigin) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes over what somebody else did to the file. Never rejects: what can't be read refuses everything. */
  refresh(): Promise<void> {
    return this.#inOrder(() => this.#refresh('file'));
  }

  /** `store.unreadable` while the file on disk isn't trusted: saving would make it so, and lose what it says (U3.2). */
  change(edit: (acl: Acl) => Acl): Promise<Acl> {
    return this.#inOrder(async () => {
      await this.#refresh('file');
      const { ok, problem = 'the USB rules could not be read', mend } = this.#integrity;
      if (!ok) throw new CodedError('store.unreadable', mend === undefined ? problem : `${problem}; run: ${mend}`);
      const edited = edit(this.#hasFile ? this.#acl : DENY_ALL);
      await this.#file.save(edited);
      await this.#refresh('agent');
      return edited;
    });
  }

  /** The operator has looked at the file and stands by it: it counts from now on, and edits are possible again (U3.2). */
  sign(): Promise<void> {
    return this.#inOrder(async () => {
      try {
        await this.#file.sign();
      } finally {
        await this.#refresh('agent');
      }
    });
  }

  async #refresh(origin: ChangeOrigin): Promise<void> {
    try {
      const glance = await this.#file.glance();
      if (glance === this.#glance) return;
      const loaded = await this.#file.load();
      this.#hasFile = loaded !== undefined;
      this.#hold(loaded ?? this.#withoutFile, { ok: true }, origin);
      this.#glance = glance; // taken before the reading: a change during it is seen at the next look
    } catch (error) {
      this.#glance = undefined;
      this.#hold(DENY_ALL, { ok: false, ...whyOf(error) }, origin);
    }
  }

  #hold(acl: Acl, integrity: AclIntegrity, origin: ChangeOrigin): void {
    const isNews = JSON.stringify([acl, integrity]) !== JSON.stringify([this.#acl, this.#integrity]);
    this.#acl = acl;
    this.#integrity = integrity;
    if (!isNews) return;
    for (const listener of this.#listeners) listener(origin);
  }

  #inOrder<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined); // the caller has the failure; what comes next starts from what is in force
    return done;
  }
}

function whyOf(error: unknown): Pick<AclIntegrity, 'problem' | 'mend'> {
  if (error instanceof OpenFileError) return { problem: error.problem, mend: error.mend };
  return { problem: toWire(error).message };
}
