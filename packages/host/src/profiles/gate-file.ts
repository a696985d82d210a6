import { PasscodeGate } from '@usher/domain';
import { CodedError, isCoded, Reader, type WireError } from '@usher/protocol';
import { replaceFile } from '../store/atomic-file.ts';
import { ChangeQueue } from '../store/change-queue.ts';
import type { SaveFile } from '../store/paired-devices.ts';
import { errorWord } from '../store/state-directory.ts';
import { readStateFile } from '../store/state-file.ts';

/** What the gate's bounds let grow, in JSON. */
const FILE_LIMIT = 8 * 1024 * 1024;

/**
 * `passcode_gate.json`: the counters of failed passcodes, so that a restart gives nobody new guesses (requirement P2.3, gap G10). Where it
 * can't be read, no passcode is looked at: forgetting would be a gift.
 */
export class GateFile {
  readonly #path: string;
  readonly #save: SaveFile;
  readonly #changes: ChangeQueue;
  readonly #gate: PasscodeGate;
  readonly #problem: CodedError | undefined;

  private constructor(path: string, save: SaveFile, gate: PasscodeGate, problem?: CodedError) {
    this.#path = path;
    this.#save = save;
    this.#changes = new ChangeQueue(path);
    this.#gate = gate;
    this.#problem = problem;
  }

  static async open(path: string, save: SaveFile = replaceFile): Promise<GateFile> {
    try {
      const text = await readStateFile(path, FILE_LIMIT);
      const gate = text === undefined ? new PasscodeGate() : PasscodeGate.read(Reader.json(text, 'passcode_gate.json'));
      return new GateFile(path, save, gate);
    } catch (error) {
      if (!isCoded(error)) throw error;
      const hint = 'no passcode is accepted until it is mended or moved away';
      const problem = new CodedError('store.unreadable', `${path}: ${error.message}; ${hint}`, { cause: error });
      return new GateFile(path, save, new PasscodeGate(), problem);
    }
  }

  problem(): WireError | undefined {
    return this.#problem && { code: this.#problem.code, message: this.#problem.message };
  }

  /** Counters that only slow people down are read without waiting. */
  get counters(): Pick<PasscodeGate, 'failures' | 'isAtCeiling'> {
    return this.#gate;
  }

  /**
   * Changes the counters at once, and resolves with the answer once they are on disk. Rejects with `store.unreadable`, or with
   * `store.write-failed`; then the change holds until the host ends.
   */
  async change<T>(edit: (gate: PasscodeGate) => T): Promise<T> {
    const { answer, saved } = this.begin(edit);
    await saved;
    return answer;
  }

  /** The same for who has something to do while the disk is at work. Throws where {@link change} rejects with `store.unreadable`. */
  begin<T>(edit: (gate: PasscodeGate) => T): { readonly answer: T; readonly saved: Promise<void> } {
    if (this.#problem !== undefined) throw this.#problem;
    const answer = edit(this.#gate);
    return { answer, saved: this.#changes.run(() => this.#write()) };
  }

  async #write(): Promise<void> {
    try {
      await this.#save(this.#path, `${JSON.stringify(this.#gate.document())}\n`);
    } catch (cause) {
      throw new CodedError('store.write-failed', `${this.#path} can't be saved (${errorWord(cause)})`, { cause });
    }
  }
}
