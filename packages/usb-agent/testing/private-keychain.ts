import { PrivateBus } from './private-bus.ts';

/** A keychain of a test's own, unlocked: a real `gnome-keyring-daemon`. */
export class PrivateKeychain implements AsyncDisposable {
  readonly #bus: PrivateBus;

  private constructor(bus: PrivateBus) {
    this.#bus = bus;
  }

  static missing(): string | undefined {
    return PrivateBus.missing({ 'gnome-keyring-daemon': 'gnome-keyring', 'secret-tool': 'libsecret-tools' });
  }

  static async start(): Promise<PrivateKeychain> {
    const bus = await PrivateBus.start();
    const keyring = bus.spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets']);
    keyring.stdin?.end('a password');
    const keychain = new PrivateKeychain(bus);
    try {
      await bus.untilOwned('org.freedesktop.secrets');
      return keychain;
    } catch (error) {
      await keychain[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Of whoever sits at this desktop. */
  get environment(): Readonly<Record<string, string>> {
    return this.#bus.environment;
  }

  /** As when the screen is locked. */
  async lock(): Promise<void> {
    const call = ['call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path', '/org/freedesktop/secrets'];
    const collection = "[objectpath '/org/freedesktop/secrets/collection/login']";
    await this.#bus.run('gdbus', [...call, '--method', 'org.freedesktop.Secret.Service.Lock', collection]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bus[Symbol.asyncDispose]();
  }
}
