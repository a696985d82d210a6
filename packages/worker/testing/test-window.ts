import { pino } from 'pino';
import { eventMask, type XEvent } from 'x11';
import { connectX, type XConnection } from '../src/display/x-connection.ts';

const PATIENCE_MS = 45_000;
const INPUT_OUTPUT = 1;
const COPY_FROM_PARENT = 0;
/** Keyboard input goes to this window whatever happens to others. */
const REVERT_TO_NONE = 0;

/** A window of the test's own on a worker's display: it can be painted, and tells what it hears. */
export class TestWindow {
  readonly connection: XConnection;
  readonly #window: number;
  readonly #heard: XEvent[] = [];
  #wake: (() => void) | undefined;

  static async open(environment: Readonly<Record<string, string>>, width: number, height: number): Promise<TestWindow> {
    // npm `x11` looks for the cookie file in this process's environment.
    process.env['XAUTHORITY'] = environment['XAUTHORITY'];
    const connection = await connectX(environment['DISPLAY'] ?? '', undefined, pino({ level: 'silent' }));
    const window = connection.client.AllocID();
    const buttons = eventMask.ButtonPress | eventMask.ButtonRelease | eventMask.PointerMotion;
    const mask = eventMask.KeyPress | eventMask.KeyRelease | eventMask.FocusChange | buttons;
    connection.client.CreateWindow(window, connection.root, 0, 0, width, height, 0, COPY_FROM_PARENT, INPUT_OUTPUT, COPY_FROM_PARENT, {
      overrideRedirect: true,
      eventMask: mask,
    });
    connection.client.MapWindow(window);
    const opened = new TestWindow(connection, window);
    await connection.sync();
    return opened;
  }

  private constructor(connection: XConnection, window: number) {
    this.connection = connection;
    this.#window = window;
    connection.onEvent((event) => {
      this.#heard.push(event);
      this.#wake?.();
    });
  }

  /** Takes the keyboard. */
  async focus(): Promise<void> {
    this.connection.client.SetInputFocus(this.#window, REVERT_TO_NONE);
    await this.connection.sync();
  }

  /** Fills the window with a colour (0xrrggbb) and waits until it is on the screen. */
  async paint(colour: number): Promise<void> {
    this.connection.client.ChangeWindowAttributes(this.#window, { backgroundPixel: colour });
    this.connection.client.ClearArea(this.#window, 0, 0, 0, 0, 0);
    await this.connection.sync();
  }

  /** The next event of this name that hasn't been taken yet; others before it are dropped. */
  async hears(name: string): Promise<XEvent> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      for (let event = this.#heard.shift(); event !== undefined; event = this.#heard.shift()) if (event.name === name) return event;
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no ${name} came`)), deadline - performance.now());
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Forgets what it has heard so far. */
  forget(): void {
    this.#heard.length = 0;
  }

  close(): void {
    this.connection.close();
  }
}
