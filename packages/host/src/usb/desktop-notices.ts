import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../log.ts';
import type { OpenPrompt, UsbAgent } from '../services.ts';
import { errorWord } from '../store/state-directory.ts';

/** A desktop takes a notification in milliseconds; one that doesn't answer must not pile up programs. */
const SHOWN_WITHIN_MS = 5_000;
const AT_ONCE_MAX = 4;
/** Names come from strangers' devices; a notification has room for a few words. */
const NAME_MAX = 64;

export interface DesktopNoticesParts {
  readonly usb: Pick<UsbAgent, 'onNews'>;
  /** Of the host: it says whose desktop, and where its programs are. */
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Logger;
}

/**
 * Tells whoever sits at the host that somebody asks for a USB device (U3.3): by `notify-send`, on the desktop of the host's user, where there
 * is one. It only tells. The answer takes the operator's token; a click on a notification would be anybody's who reaches that desktop.
 */
export function showPromptsOnDesktop({ usb, environment, log }: DesktopNoticesParts): void {
  let running = 0;
  usb.onNews((news) => {
    if (news.kind !== 'prompt' || running >= AT_ONCE_MAX) return;
    running += 1;
    notify(news.open, environment)
      .catch((error: unknown) => log.debug({ reason: errorWord(error) }, 'no desktop notification'))
      .finally(() => {
        running -= 1;
      });
  });
}

async function notify(open: OpenPrompt, environment: NodeJS.ProcessEnv): Promise<void> {
  const bus = await sessionBus(environment);
  if (bus === undefined) return; // nobody's desktop
  const lasts = `--expire-time=${open.prompt.expiresMs}`;
  const { title, body } = noticeOf(open);
  const child = spawn('notify-send', ['--app-name=Usher', '--urgency=critical', '--category=device', lasts, '--', title, body], {
    stdio: 'ignore',
    env: { ...environment, DBUS_SESSION_BUS_ADDRESS: bus },
    timeout: SHOWN_WITHIN_MS,
    killSignal: 'SIGKILL',
  });
  await new Promise<void>((resolve, reject) => child.once('error', reject).once('exit', () => resolve()));
}

/** Where the desktop of this user listens; undefined where none does. */
async function sessionBus(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { DBUS_SESSION_BUS_ADDRESS: named, XDG_RUNTIME_DIR: runtime } = environment;
  if (named !== undefined && named !== '') return named;
  if (runtime === undefined || runtime === '') return undefined;
  const path = join(runtime, 'bus');
  try {
    await access(path);
    return `unix:path=${path}`;
  } catch {
    return undefined; // as on a machine without a desktop
  }
}

/** Who wants what, and where to answer. The arguments of a program can be read by everybody on the machine: nothing here is a secret. */
export function noticeOf({ id, prompt }: OpenPrompt): { readonly title: string; readonly body: string } {
  const { device, viewerName, risks } = prompt;
  const ids = `${device.vendorId}:${device.productId}`;
  const name = plain([device.manufacturer, device.product].filter((part) => part !== undefined).join(' '));
  const what = name === '' ? ids : `${name} (${ids})`;
  const risk = risks.length === 0 ? '' : `\nCareful: ${risks.join(', ').replaceAll('-', ' ')}`;
  return {
    title: 'Lend a USB device?',
    body: `${escaped(plain(viewerName))} asks for ${escaped(what)}.${risk}\nAnswer in the console, or: usher usb answer ${id} allow`,
  };
}

/** What would break a line, hide or reverse text is left out. */
function plain(text: string): string {
  return text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, NAME_MAX);
}

/** Desktops read a few tags in a notification's body. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
