import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstLine, PrivateBus } from '../../packages/usb-agent/testing/private-bus.ts';
import { HostProcess } from '../harness/host-process.ts';
import { removeDirectory } from '../harness/temporary-directory.ts';
import { usher } from '../harness/usher.ts';

/** A question to the operator on a real desktop: a running host, the real `notify-send`, and a real notification service (dunst). */

const KEY = { vendor_id: '1050', product_id: '0407' };
const missing = PrivateBus.missing({ Xvfb: 'xvfb', 'notify-send': 'libnotify-bin', dunst: 'dunst' });
if (missing !== undefined) throw new Error(missing); // npm test installs it: without it nothing here is shown

describe('U3.3: a question on a real desktop', () => {
  let directory: string;
  let bus: PrivateBus;
  let host: HostProcess;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'usher-notified-'));
    bus = await PrivateBus.start();
    const screen = bus.spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '640x480x24', '-nolisten', 'tcp']);
    bus.spawn('dunst', ['-conf', '/dev/null'], { DISPLAY: `:${await firstLine(screen)}` });
    await bus.untilOwned('org.freedesktop.Notifications');
    const { DBUS_SESSION_BUS_ADDRESS = '' } = bus.environment;
    host = await HostProcess.start({ args: ['--usb-passthrough', '--usb-backend', 'sim'], env: { DBUS_SESSION_BUS_ADDRESS } });
    await host.api('POST', '/usb/acl/add', { ...KEY, allow: true, prompt_on_open: true });
  });
  afterAll(async () => {
    await host[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  it('U3.3: it is shown with who wants what, its risk and how to answer; answering as it says lends the device', async () => {
    const from = ['--from', host.url, '--key', join(directory, 'viewer.json'), '--json'];
    const opened = usher(['usb', 'open', '1050:0407', ...from, '--pin', await host.armPin()]);
    await expect.poll(() => bus.run('dunstctl', ['count', 'displayed']), { timeout: 30_000 }).toBe('1\n');

    await bus.run('dunstctl', ['close-all']); // only what was closed can be read again
    const { summary, body, appname } = lastShown(await bus.run('dunstctl', ['history']));
    expect([appname, summary]).toEqual(['Usher', 'Lend a USB device?']);
    expect(body).toMatch(/^usher usb on .* asks for Usher Simulated security key \(1050:0407\)\.\nCareful: security key, input device\n/);
    const [, ...answer] = /\n[^\n]*or: usher (usb) (answer) ([0-9a-f]{16}) (allow)$/.exec(body) ?? [];
    expect((await usher([...answer, '--home', host.home, '--url', host.url])).exitCode).toBe(0);
    expect((await opened).exitCode).toBe(0);
  });
});

/** The latest notification, as `dunstctl history` has it: D-Bus types and values as JSON. */
function lastShown(history: string): Readonly<Record<'summary' | 'body' | 'appname', string>> {
  const { data } = JSON.parse(history) as { data: readonly (readonly Readonly<Record<string, unknown>>[])[] }; // `aa{sv}`
  const [notification] = data[0] ?? [];
  const text = (name: string) => Reader.of(notification?.[name] ?? {}, name).string('data', 1000);
  return { summary: text('summary'), body: text('body'), appname: text('appname') };
}
