import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPERATOR } from '@usher/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDirectory } from '../../../../tests/harness/temporary-directory.ts';
import { FakeUsbAgent, openPrompt } from '../../testing/fake-services.ts';
import { noticeOf, showPromptsOnDesktop } from './desktop-notices.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-notices-'));
});
afterEach(() => removeDirectory(directory));

/** A `notify-send` that writes down how it was called, one argument a line, and whose bus it was given. */
async function standIn(): Promise<string> {
  const program = join(directory, 'notify-send');
  const record = join(directory, 'called');
  await writeFile(
    program,
    `#!/bin/sh\n{ printf '%s\\n' "$@"; echo "bus $DBUS_SESSION_BUS_ADDRESS"; } > '${record}.new'\nmv '${record}.new' '${record}'\n`,
    {
      mode: 0o700,
    },
  );
  return record;
}

async function whenThere(path: string): Promise<string> {
  for (const untilMs = performance.now() + 10_000; ; ) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
    if (performance.now() > untilMs) throw new Error('nobody was told');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a question on the desktop', () => {
  it('U3.3: says who wants what and how to answer', () => {
    expect(noticeOf(openPrompt())).toEqual({
      title: 'Lend a USB device?',
      body: 'Laptop asks for Yubico Key (1050:0407).\nCareful: security key\nAnswer in the console, or: usher usb answer 00112233aabbccdd allow',
    });
  });

  it('U3.3: a name that a device made up breaks no line, reverses nothing and is no markup', () => {
    const evil = `A\nB\u202eC\u0007<b>&${'x'.repeat(500)}`;
    const { body } = noticeOf(
      openPrompt({ viewerName: evil, device: { vendorId: '1050', productId: '0407', busLocation: '', product: evil } }),
    );
    for (const sign of ['\u0007', '\u202e', '<', '>']) expect(body).not.toContain(sign);
    expect(body.split('\n')).toHaveLength(3);
    expect(body).toContain('ABC&lt;b&gt;&amp;');
    expect(body.length).toBeLessThan(500);
  });

  it('U3.3: carries no serial number where every program of the machine can read it', () => {
    expect(JSON.stringify(noticeOf(openPrompt()))).not.toContain('S-1');
  });

  it('U3.3: is shown by notify-send where a session bus is, as text behind the options', async () => {
    const record = await standIn();
    const usb = new FakeUsbAgent();
    const environment = { PATH: `${directory}:/usr/bin:/bin`, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere/bus' };
    showPromptsOnDesktop({ usb, environment, log: pino({ level: 'silent' }) });
    usb.tell({ kind: 'prompt', open: openPrompt() });
    const lines = (await whenThere(record)).split('\n');
    expect(lines.slice(0, 6)).toEqual([
      '--app-name=Usher',
      '--urgency=critical',
      '--category=device',
      '--expire-time=30000',
      '--',
      'Lend a USB device?',
    ]);
    expect(lines).toContain('bus unix:path=/nowhere/bus');
  });

  it('U3.3: a machine without a desktop, or without the program, asks elsewhere', async () => {
    const usb = new FakeUsbAgent();
    const lines: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line) => void lines.push(line) });
    showPromptsOnDesktop({ usb, environment: { PATH: directory }, log });
    showPromptsOnDesktop({ usb, environment: { PATH: directory, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere/bus' }, log });
    usb.tell({ kind: 'prompt', open: openPrompt({ profile: OPERATOR }) });
    await expect.poll(() => lines.join('')).toContain('ENOENT');
    expect(lines).toHaveLength(1);
  });
});
