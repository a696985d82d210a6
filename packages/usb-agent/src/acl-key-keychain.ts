import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { CodedError } from '@usher/protocol';
import { type AclKey, KEY_BYTES } from './acl-key.ts';

const PROGRAM = 'secret-tool';
/** A keychain that answers does so in milliseconds; one that asks somebody for its password would wait for them. */
const ANSWERS_WITHIN_MS = 10_000;
/** A key in hex, or what `search` says of one item. */
const OUTPUT_MAX = 4096;

/**
 * The key in the keychain of the user's desktop (the Secret Service, by Debian's `secret-tool`): under another password than the files', and gone
 * when the desktop is locked. The key goes by standard input and output, never by arguments, which every program of the machine can read.
 */
export class KeychainAclKey implements AclKey {
  readonly path = undefined;
  readonly isMadeHere = true;
  readonly name = 'the key in the keychain';
  readonly #attributes: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;

  /** One key for each file of rules. */
  constructor(rulesPath: string, environment: NodeJS.ProcessEnv) {
    this.#attributes = ['application', 'usher', 'usb-rules', rulesPath];
    this.#environment = environment;
  }

  async read(): Promise<Buffer | undefined> {
    const { output, complaints } = await this.#run(['lookup', ...this.#attributes]);
    if (output !== '') return readKey(output);
    if (complaints !== '') throw unreachable(complaints);
    // No output and no complaint: there is no such key, or there is one and it is locked.
    const { output: found } = await this.#run(['search', ...this.#attributes]);
    if (found === '') return undefined;
    throw new CodedError('store.unreadable', 'the keychain is locked; unlock it (log in to the desktop, or open Passwords and Keys)');
  }

  async create(): Promise<Buffer> {
    const key = randomBytes(KEY_BYTES);
    const { exitCode, complaints } = await this.#run(
      ['store', '--label=Usher: key of the USB rules', ...this.#attributes],
      key.toString('hex'),
    );
    if (exitCode !== 0) throw unreachable(complaints);
    return key;
  }

  async discard(): Promise<void> {
    await this.#run(['clear', ...this.#attributes]);
  }

  #run(words: readonly string[], input = '') {
    return new Promise<{ readonly exitCode: number | null; readonly output: string; readonly complaints: string }>((resolve, reject) => {
      const child = spawn(PROGRAM, words, { env: this.#environment, timeout: ANSWERS_WITHIN_MS, killSignal: 'SIGKILL' });
      let [output, complaints] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(0, OUTPUT_MAX);
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaints = (complaints + text).slice(0, OUTPUT_MAX);
      });
      child.stdin.on('error', () => undefined); // a program that ends at once says so by its exit
      child.once('error', (cause) =>
        reject(new CodedError('store.unreadable', `there is no ${PROGRAM}; on Debian: apt install libsecret-tools`, { cause })),
      );
      child.once('close', (exitCode, signal) => {
        if (signal === null) resolve({ exitCode, output, complaints: complaints.trim() });
        else reject(new CodedError('store.unreadable', 'the keychain did not answer; is somebody asked for its password?'));
      });
      child.stdin.end(input);
    });
  }
}

function readKey(text: string): Buffer {
  const hex = text.trim();
  if (!/^[0-9a-f]{64}$/.test(hex))
    throw new CodedError('store.unsafe', 'the keychain has something else under the name of the USB rules’ key');
  return Buffer.from(hex, 'hex');
}

/** The first line of what it says names the reason, such as a bus that nobody listens on; the key is never in it. */
function unreachable(complaints: string): CodedError {
  const [why = 'no reason given'] = complaints.split('\n').slice(-1);
  return new CodedError(
    'store.unreadable',
    `the keychain can’t be used (${why}); log in to the desktop, or choose another place for the key`,
  );
}
