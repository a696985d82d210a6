import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type InputEvent, InputKind } from '@usher/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { removeDirectorySync } from '../../../../tests/harness/temporary-directory.ts';
import { TestWindow } from '../../testing/test-window.ts';
import { WorkerProcess } from '../../testing/worker-process.ts';

const VIEWER = 1;
const [WIDTH, HEIGHT] = [640, 480];
/** The test's window is on the left; on the right, the session's terminal shows. */
const [INSIDE, TERMINAL] = [
  { x: 150, y: 150 },
  { x: 500, y: 300 },
];

const directory = mkdtempSync(join(tmpdir(), 'worker-input-'));
const line = join(directory, 'line');
let worker: WorkerProcess;
let environment: Record<string, string>;
let window: TestWindow;

beforeAll(async () => {
  worker = new WorkerProcess({ SHELL: '/bin/sh', HOME: directory, LANG: 'C.UTF-8' });
  worker.start({ width: WIDTH, height: HEIGHT });
  environment = worker.sessionEnvironment((await worker.next('ready')).display);
  window = await TestWindow.open(environment, WIDTH / 2, HEIGHT);
});

afterAll(async () => {
  window.close();
  await worker[Symbol.asyncDispose]();
  removeDirectorySync(directory);
});

beforeEach(async () => {
  pointTo({ x: 1, y: 1 });
  pointTo(INSIDE);
  while ((await window.hears('MotionNotify')).rootx !== INSIDE.x);
  worker.forget();
});

function play(kind: InputKind, fields: Partial<InputEvent> = {}): void {
  worker.send({ type: 'input', viewer: VIEWER, events: [{ kind, code: 0, x: 0, y: 0, flags: 0, ...fields }] });
}

function pointTo(at: { readonly x: number; readonly y: number }): void {
  play(InputKind.PointerMoveTo, { ...at, flags: ((WIDTH << 16) | HEIGHT) >>> 0 });
}

describe('the pointer of a desktop', () => {
  it('P7.2: goes where it is told, whatever the surface measures', async () => {
    play(InputKind.PointerMoveTo, { x: 100, y: 50, flags: ((WIDTH / 2) << 16) | (HEIGHT / 2) });
    expect(await window.hears('MotionNotify')).toMatchObject({ rootx: 200, rooty: 100 });
    play(InputKind.PointerMoveBy, { x: 13, y: -7 });
    expect(await window.hears('MotionNotify')).toMatchObject({ rootx: 213, rooty: 93 });
  });

  it.each([
    ['left', 1, 1],
    ['middle', 2, 2],
    ['right', 3, 3],
    ['back', 4, 8],
    ['forward', 5, 9],
  ])('P7.2: its %s button is pressed and let go', async (_name, code, button) => {
    play(InputKind.ButtonDown, { code });
    expect(await window.hears('ButtonPress')).toMatchObject({ keycode: button });
    play(InputKind.ButtonUp, { code });
    expect(await window.hears('ButtonRelease')).toMatchObject({ keycode: button });
  });

  it.each([
    ['down', { y: 120 }, 5],
    ['up', { y: -120 }, 4],
    ['right', { x: 120 }, 7],
    ['left', { x: -120 }, 6],
  ])('P7.2: its wheel turns %s', async (_name, amount, button) => {
    play(InputKind.Scroll, amount);
    expect(await window.hears('ButtonPress')).toMatchObject({ keycode: button });
  });

  it('C9: tells its shape when it changes', async () => {
    pointTo(TERMINAL);
    const { cursor: inTerminal } = await worker.next('cursor');
    expect(inTerminal.width * inTerminal.height).toBeGreaterThan(0);
    expect(inTerminal.rgba.some((byte) => byte !== 0)).toBe(true);
    pointTo(INSIDE);
    const { cursor: inWindow } = await worker.next('cursor');
    expect(inWindow).not.toEqual(inTerminal);
  });
});

describe('the keyboard of a desktop', () => {
  it('P7.2: a key goes down, and comes up when the viewer goes', async () => {
    await window.focus();
    play(InputKind.KeyDown, { code: 30 });
    expect(await window.hears('KeyPress')).toMatchObject({ keycode: 38 });
    worker.send({ type: 'viewer-gone', viewer: VIEWER });
    expect(await window.hears('KeyRelease')).toMatchObject({ keycode: 38 });
  });

  it('P7.2: typed characters arrive in a program, whatever its layout', async () => {
    const typed = 'Grüße: 42 € — ✓ Ω, z-y!';
    await window.focus();
    pointTo(TERMINAL);
    play(InputKind.ButtonDown, { code: 1 });
    play(InputKind.ButtonUp, { code: 1 });
    await window.hears('FocusOut');
    const written = appearance(line);
    for (const character of `printf %s '${typed}' > ${line}.new; mv ${line}.new ${line}\n`) {
      play(InputKind.Text, { code: character.codePointAt(0) ?? 0 });
    }
    await written;
    expect(readFileSync(line, 'utf8')).toBe(typed);
  });
});

async function appearance(path: string): Promise<void> {
  for await (const _ of watch(directory, { signal: AbortSignal.timeout(15_000) })) if (existsSync(path)) return;
}
