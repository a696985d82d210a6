import type { HostApi, UsbEvent } from '@usher/sdk/api';
import { CodedError, type UsbClient, type UsbDeviceChange } from '@usher/sdk/node';
import type { Command } from 'commander';
import { printable } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import type { Terminal } from '../terminal.ts';
import { type BorrowOptions, borrowing, isBorrowing, withBorrowing } from '../usb/borrowing.ts';
import { waited } from '../waited.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

/** How often the host is asked: a person who plugs something in sees it at once, and it stays far below the API's limits. */
const POLL_MS = 1000;

export function usbWatchCommand(context: CommandContext): Command {
  return withBorrowing(
    withHostChoice(
      newCommand(
        'watch',
        'say what is plugged in and pulled out, until Ctrl-C; with --json one object a line',
        'usher usb watch --from https://192.168.1.5:9939/ --key me.json',
      ),
    ),
  ).action((options: HostCommandOptions & BorrowOptions) =>
    perform(context, options, async () => {
      const { terminal } = context;
      const { json = false } = options;
      const told = isBorrowing(options)
        ? await borrowing(options, terminal, (client, lost) => watchLent(client, terminal, json, lost))
        : await watchUsb(await openOwnHost(options, terminal.environment), terminal, json ? JSON.stringify : eventText, POLL_MS);
      return { json: { events: told }, text: undefined };
    }),
  );
}

/** What may be borrowed from a host, and then what comes and goes of it, as the host tells it (rule U21). */
async function watchLent(
  client: Pick<UsbClient, 'watch'>,
  terminal: Pick<Terminal, 'out' | 'signal'>,
  json: boolean,
  lost: AbortSignal,
): Promise<number> {
  let told = 0;
  const tell = ({ kind, device: { vendorId, productId, serial, busLocation } }: UsbDeviceChange) => {
    told += 1;
    const device = { vendor_id: vendorId, product_id: productId, serial: serial ?? null, bus_location: busLocation ?? null };
    terminal.out(json ? JSON.stringify({ kind, device }) : lentText(kind, device));
  };
  const { devices, tellsNews } = await client.watch(tell);
  for (const device of devices) tell({ kind: 'added', device });
  if (!tellsNews) throw new CodedError('usb.unsupported', 'this host doesn’t tell what is plugged in');
  await aborted(AbortSignal.any([terminal.signal, lost]));
  if (lost.aborted) throw lost.reason;
  return told;
}

function lentText(kind: UsbDeviceChange['kind'], device: { vendor_id: string; product_id: string; serial: string | null }): string {
  return printable(`${kind === 'added' ? '+' : '-'} ${device.vendor_id}:${device.product_id} ${device.serial ?? ''}`.trimEnd());
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
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

function eventText({ kind, device }: UsbEvent): string {
  const what = [device.manufacturer, device.product, device.serial].filter(Boolean).join(' ');
  return printable(`${kind === 'added' ? '+' : '-'} ${device.vendor_id ?? '?'}:${device.product_id ?? '?'} ${what}`.trimEnd());
}
