import { setTimeout as after } from 'node:timers/promises';
import type { HostApi, UsbEvent } from '@usher/sdk/api';
import type { Command } from 'commander';
import { type HostChoice, openOwnHost } from '../own-host.ts';
import type { Terminal } from '../terminal.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

/** How often the host is asked: a person who plugs something in sees it at once, and it stays far below the API's limits. */
const POLL_MS = 1000;

export function usbWatchCommand(context: CommandContext): Command {
  return withHostChoice(
    newCommand('watch', 'say what is plugged in and pulled out, until Ctrl-C; with --json one object a line', 'usher usb watch'),
  ).action((options: HostCommandOptions & HostChoice) =>
    perform(context, options, async () => {
      const { terminal } = context;
      const api = await openOwnHost(options, terminal.environment);
      const told = await watchUsb(api, terminal, options.json === true ? JSON.stringify : eventText, POLL_MS);
      return { json: { events: told }, text: undefined };
    }),
  );
}

/** Tells of every event from now on, until the terminal's signal; resolves with how many there were. */
export async function watchUsb(
  api: Pick<HostApi, 'usbEvents'>,
  terminal: Pick<Terminal, 'out' | 'signal'>,
  format: (event: UsbEvent) => string,
  pollMs: number,
): Promise<number> {
  let since = (await api.usbEvents(0)).last_seq;
  let told = 0;
  while (await waited(pollMs, terminal.signal)) {
    let news = await api.usbEvents(since);
    if (news.last_seq < since) news = await api.usbEvents(0); // the usb-agent began anew, and so did its numbers
    since = news.last_seq;
    for (const event of news.events) terminal.out(format(event));
    told += news.events.length;
  }
  return told;
}

/** False where the signal came first. */
async function waited(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await after(milliseconds, undefined, { signal });
    return true;
  } catch {
    return false; // only the signal ends it early
  }
}

function eventText({ kind, device }: UsbEvent): string {
  const what = [device.manufacturer, device.product, device.serial].filter(Boolean).join(' ');
  return `${kind === 'added' ? '+' : '-'} ${device.vendor_id ?? '?'}:${device.product_id ?? '?'} ${what}`.trimEnd();
}
