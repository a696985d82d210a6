import type { Mode } from '@usher/protocol';
import { CodedError } from '@usher/protocol';
import type { ModeInfo } from 'x11';
import type { XConnection } from './x-connection.ts';

const ROTATE_0 = 1;
const NO_MODE = 0;
const CURRENT_TIME = 0;
const SUCCESS = 0;
/** Xvfb is started with `-dpi 96`; a size in millimetres keeps that. */
const MM_PER_PIXEL = 25.4 / 96;
/** Our modes carry this name, so that a later resize finds and removes them. */
const NAME_PREFIX = 'usher-';

/**
 * Gives a virtual screen another size, up to the size that its server was started with: the CRTC is switched off, because a screen
 * can't get smaller than what it shows; then comes the new size, then the CRTC with a mode of exactly that size (facts media §2.4).
 */
export async function setScreenMode(connection: XConnection, mode: Mode): Promise<void> {
  const { client, root } = connection;
  const { randr } = connection.extensions;
  const resources = await connection.ask<Resources>((done) => randr.GetScreenResourcesCurrent(root, done));
  const [crtc, output] = [resources.crtcs[0], resources.outputs[0]];
  if (crtc === undefined || output === undefined) throw new CodedError('worker.no-display', 'the virtual screen has no output');

  const info = modeInfo(mode);
  const old = resources.modeinfos.filter((known) => known.name.startsWith(NAME_PREFIX));
  const modeId =
    old.find((known) => known.name === info.name)?.id ?? (await connection.ask<number>((done) => randr.CreateMode(root, info, done)));
  randr.AddOutputMode(output, modeId);

  // Without the grab, programs would see, and repaint for, the state between.
  client.GrabServer();
  try {
    await configure(connection, crtc, NO_MODE, []);
    randr.SetScreenSize(root, mode.width, mode.height, Math.round(mode.width * MM_PER_PIXEL), Math.round(mode.height * MM_PER_PIXEL));
    await configure(connection, crtc, modeId, [output]);
  } finally {
    client.UngrabServer();
  }
  for (const known of old) {
    if (known.id === modeId) continue;
    randr.DeleteOutputMode(output, known.id);
    randr.DestroyMode(known.id);
  }
  // Events come in order: after this round trip, everybody on this connection has heard of the new size.
  await connection.sync();
}

type Resources = Parameters<Parameters<XConnection['extensions']['randr']['GetScreenResourcesCurrent']>[1]>[1];

async function configure(connection: XConnection, crtc: number, mode: number, outputs: readonly number[]): Promise<void> {
  const { status } = await connection.ask<{ readonly status: number }>((done) =>
    connection.extensions.randr.SetCrtcConfig(crtc, CURRENT_TIME, CURRENT_TIME, 0, 0, mode, ROTATE_0, outputs, done),
  );
  if (status !== SUCCESS) throw new CodedError('worker.display-lost', `the virtual screen refused its new size (status ${status})`);
}

/** Timings without blanking: nothing is attached that would need any; the rate follows from the dot clock. */
function modeInfo(mode: Mode): ModeInfo {
  const { width, height, refreshHz } = mode;
  return {
    width,
    height,
    dot_clock: width * height * refreshHz,
    h_sync_start: width,
    h_sync_end: width,
    h_total: width,
    v_sync_start: height,
    v_sync_end: height,
    v_total: height,
    name: `${NAME_PREFIX}${width}x${height}@${refreshHz}`,
  };
}
