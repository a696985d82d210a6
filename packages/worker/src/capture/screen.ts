import type { Logger } from 'pino';
import { eventMask, type XEvent } from 'x11';
import type { XConnection } from '../display/x-connection.ts';
import type { Picture } from '../encode/video-encoder.ts';
import { type SharedMemory, shareMemory } from '../native/shared-memory.ts';
import { even } from './even.ts';

/** DAMAGE reports once that something changed, and then keeps quiet until it is asked again. */
const REPORT_NON_EMPTY = 3;
const Z_PIXMAP = 2;
const ALL_PLANES = 0xffff_ffff;
const NONE = 0;
/** While a screen gets smaller, one GetImage may still ask for the old size (facts media §2.4); the next one knows better. */
const GRAB_ATTEMPTS = 3;

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface ScreenEvents {
  /** Something on the screen changed since the last picture was taken. */
  changed(): void;
  /** The screen has another size. */
  resized(): void;
}

/** Takes pictures of the whole screen into memory that is shared with the X server, and tells when there is reason to. */
export class Screen {
  readonly #connection: XConnection;
  readonly #log: Logger;
  readonly #damage: number;
  #screen: Size;
  #events: ScreenEvents | undefined;
  #memory: { readonly shared: SharedMemory; readonly segment: number; readonly width: number; readonly height: number } | undefined;

  /** Listens for changes of size before it asks for the size, so that none is missed. */
  static async open(connection: XConnection, log: Logger): Promise<Screen> {
    const { client, root } = connection;
    client.ChangeWindowAttributes(root, { eventMask: eventMask.StructureNotify });
    const { width, height } = await connection.ask<Size>((done) => client.GetGeometry(root, done));
    return new Screen(connection, { width, height }, log);
  }

  private constructor(connection: XConnection, size: Size, log: Logger) {
    this.#connection = connection;
    this.#log = log;
    this.#screen = size;
    this.#damage = connection.client.AllocID();
    connection.extensions.damage.Create(this.#damage, connection.root, REPORT_NON_EMPTY);
    connection.onEvent((event) => this.#hear(event));
  }

  /** From now on, `events` hears what becomes of the screen. */
  watch(events: ScreenEvents): void {
    this.#events = events;
  }

  /** What pictures measure: the screen, less a last odd column or row, because 4:2:0 knows none. */
  get size(): Size {
    return { width: even(this.#screen.width), height: even(this.#screen.height) };
  }

  /** The picture is good until the next `grab`. */
  async grab(): Promise<Picture> {
    for (let attempt = 1; ; attempt += 1) {
      const { width, height } = this.size;
      try {
        const memory = await this.#memoryFor(width, height);
        const { root, extensions } = this.#connection;
        const { damage, shm } = extensions;
        // Before the picture is taken: what changes from here on is reported anew.
        damage.Subtract(this.#damage, NONE, NONE);
        await this.#connection.ask<unknown>((done) =>
          shm.GetImage(root, 0, 0, width, height, ALL_PLANES, Z_PIXMAP, memory.segment, 0, done),
        );
        return { address: memory.shared.address, width, height };
      } catch (error) {
        if (attempt === GRAB_ATTEMPTS) throw error;
        this.#log.debug({ attempt }, 'the screen changed its size while a picture was taken');
        await this.#connection.sync();
      }
    }
  }

  close(): void {
    this.#connection.extensions.damage.Destroy(this.#damage);
    this.#freeMemory();
  }

  #hear(event: XEvent): void {
    if (event.name === 'DamageNotify') this.#events?.changed();
    if (event.name !== 'ConfigureNotify' || event.wid !== this.#connection.root) return;
    if (event.width === undefined || event.height === undefined) return;
    if (event.width === this.#screen.width && event.height === this.#screen.height) return;
    this.#screen = { width: event.width, height: event.height };
    this.#events?.resized();
  }

  async #memoryFor(width: number, height: number) {
    if (this.#memory?.width === width && this.#memory.height === height) return this.#memory;
    this.#freeMemory();
    const { client } = this.#connection;
    const { shm } = this.#connection.extensions;
    const shared = shareMemory('usher-screen', width * height * 4);
    const segment = client.AllocID();
    try {
      await this.#connection.ask<undefined>((done) => shm.AttachFd(segment, shared.fd, false, done));
    } catch (error) {
      shared.free();
      throw error;
    } finally {
      shared.closeDescriptor();
    }
    this.#memory = { shared, segment, width, height };
    return this.#memory;
  }

  #freeMemory(): void {
    if (this.#memory === undefined) return;
    this.#connection.extensions.shm.Detach(this.#memory.segment);
    this.#connection.client.ReleaseID(this.#memory.segment);
    this.#memory.shared.free();
    this.#memory = undefined;
  }
}
