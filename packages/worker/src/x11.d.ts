/** The part of npm `x11` 4.2 that the worker uses; the package has no types of its own. Signatures read from its `lib/`. */
declare module 'x11' {
  import type { EventEmitter } from 'node:events';

  /** Requests with a reply call back once. Void requests take a callback too: it runs when the server has processed them. */
  type Reply<T> = (error: Error | null | undefined, value: T) => boolean | undefined;

  interface WindowAttributes {
    readonly eventMask?: number;
    readonly backgroundPixel?: number;
    readonly overrideRedirect?: boolean;
  }

  /** An event as the package decodes it; only the fields that the worker looks at. */
  interface XEvent {
    readonly name?: string;
    readonly wid?: number;
    readonly width?: number;
    readonly height?: number;
    readonly keycode?: number;
    readonly rootx?: number;
    readonly rooty?: number;
    readonly request?: number;
    readonly count?: number;
  }

  interface Client {
    readonly stream: EventEmitter & { destroy(): void };
    on(name: 'event', listener: (event: XEvent) => void): this;
    on(name: 'error', listener: (error: Error) => void): this;
    on(name: 'end', listener: () => void): this;
    off(name: 'event', listener: (event: XEvent) => void): this;
    off(name: 'error', listener: (error: Error) => void): this;
    AllocID(): number;
    ReleaseID(id: number): void;
    require(name: 'shm', done: Reply<Shm>): void;
    require(name: 'damage', done: Reply<Damage>): void;
    require(name: 'fixes', done: Reply<Fixes>): void;
    require(name: 'randr', done: Reply<Randr>): void;
    require(name: 'xtest', done: Reply<XTest>): void;
    sync(done: (error: Error | null) => void): void;
    terminate(): void;
    ChangeWindowAttributes(window: number, attributes: WindowAttributes): void;
    GrabServer(): void;
    UngrabServer(): void;
    ClearArea(window: number, x: number, y: number, width: number, height: number, exposures: number): void;
    CreateWindow(
      id: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      border: number,
      depth: number,
      windowClass: number,
      visual: number,
      attributes: WindowAttributes,
    ): void;
    MapWindow(window: number): void;
    SetInputFocus(window: number, revertTo: number): void;
    GetGeometry(drawable: number, done: Reply<{ readonly width: number; readonly height: number }>): void;
    GetKeyboardMapping(first: number, count: number, done: Reply<readonly (readonly number[])[]>): void;
    ChangeKeyboardMapping(first: number, keysymsPerKeycode: number, keysyms: readonly number[], done?: Reply<undefined>): void;
  }

  interface Screen {
    readonly root: number;
    readonly root_depth: number;
  }

  interface Display {
    readonly client: Client;
    readonly screen: readonly Screen[];
    readonly image_byte_order: number;
    readonly min_keycode: number;
    readonly max_keycode: number;
    readonly format: Readonly<Record<number, { readonly bits_per_pixel: number }>>;
  }

  interface Shm {
    AttachFd(segment: number, fd: number, readOnly: boolean, done: Reply<undefined>): void;
    Detach(segment: number): void;
    GetImage(
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planeMask: number,
      format: number,
      segment: number,
      offset: number,
      done: Reply<{ readonly depth: number; readonly size: number }>,
    ): void;
  }

  interface Damage {
    Create(damage: number, drawable: number, level: number): void;
    Destroy(damage: number): void;
    Subtract(damage: number, repair: number, parts: number): void;
  }

  interface CursorImage {
    readonly width: number;
    readonly height: number;
    readonly xhot: number;
    readonly yhot: number;
    readonly cursorSerial: number;
    /** width × height little-endian ARGB words, premultiplied. */
    readonly cursorImage: Uint8Array;
  }

  interface Fixes {
    SelectCursorInput(window: number, mask: number): void;
    GetCursorImage(done: Reply<CursorImage>): void;
  }

  interface ModeInfo {
    readonly width: number;
    readonly height: number;
    readonly dot_clock: number;
    readonly h_sync_start: number;
    readonly h_sync_end: number;
    readonly h_total: number;
    readonly v_sync_start: number;
    readonly v_sync_end: number;
    readonly v_total: number;
    readonly name: string;
  }

  interface Randr {
    SelectInput(window: number, mask: number): void;
    GetScreenResourcesCurrent(
      window: number,
      done: Reply<{
        readonly config_timestamp: number;
        readonly crtcs: readonly number[];
        readonly outputs: readonly number[];
        readonly modeinfos: readonly (ModeInfo & { readonly id: number })[];
      }>,
    ): void;
    SetScreenSize(window: number, width: number, height: number, mmWidth: number, mmHeight: number): void;
    CreateMode(window: number, mode: ModeInfo, done: Reply<number>): void;
    DestroyMode(mode: number): void;
    AddOutputMode(output: number, mode: number): void;
    DeleteOutputMode(output: number, mode: number): void;
    SetCrtcConfig(
      crtc: number,
      timestamp: number,
      configTimestamp: number,
      x: number,
      y: number,
      mode: number,
      rotation: number,
      outputs: readonly number[],
      done: Reply<{ readonly status: number }>,
    ): void;
  }

  interface XTest {
    FakeInput(type: number, detail: number, delayMs: number, window: number, x: number, y: number): void;
  }

  interface ClientOptions {
    readonly display: string;
    readonly auth?: { readonly name: string; readonly data: string };
  }

  function createClient(options: ClientOptions, done: Reply<Display>): Client;
  const eventMask: Readonly<
    Record<'StructureNotify' | 'KeyPress' | 'KeyRelease' | 'ButtonPress' | 'ButtonRelease' | 'PointerMotion' | 'FocusChange', number>
  >;
}
