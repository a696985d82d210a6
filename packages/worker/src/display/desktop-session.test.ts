import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findDesktopSession } from './desktop-session.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'usher-xsessions-'));
  mkdirSync(join(directory, 'xsessions'));
  mkdirSync(join(directory, 'bin'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Files of packages, programs that exist, and what is found. */
function found(sessions: Readonly<Record<string, string>>, programs: readonly string[]) {
  for (const [name, text] of Object.entries(sessions)) writeFileSync(join(directory, 'xsessions', `${name}.desktop`), text);
  for (const name of programs) {
    writeFileSync(join(directory, 'bin', name), '#!/bin/sh\n');
    chmodSync(join(directory, 'bin', name), 0o755);
  }
  return findDesktopSession({ XDG_DATA_DIRS: `relative:/nonexistent:${directory}`, PATH: join(directory, 'bin') });
}

/** As Debian's packages have them. */
const XFCE =
  '[Desktop Entry]\nVersion=1.0\nName=Xfce Session\nName[de]=Xfce-Sitzung\nExec=startxfce4\nIcon=\nType=Application\nDesktopNames=XFCE\n';
const LXQT = '[Desktop Entry]\nType=Application\nExec=startlxqt\nTryExec=lxqt-session\nName=LXQt Desktop\nDesktopNames=LXQt\n';

describe('the desktop environment of the machine (requirement P7.2)', () => {
  it('P7.2: is XFCE or LXQt, where they are installed', async () => {
    expect(await found({ xfce: XFCE, lxqt: LXQT }, ['startxfce4', 'startlxqt', 'lxqt-session'])).toEqual({
      ...{ id: 'xfce', desktops: 'XFCE' },
      command: [join(directory, 'bin', 'startxfce4')],
    });
  });

  it.each([
    ['the file alone', { xfce: XFCE }, []],
    ['the program to be tried missing', { lxqt: LXQT }, ['startlxqt']],
    ['one that nobody knows to work', { gnome: XFCE }, ['startxfce4']],
    ['hidden', { xfce: `${XFCE}Hidden=true\n` }, ['startxfce4']],
    ['a command that wants a shell', { xfce: XFCE.replace('startxfce4', 'startxfce4; reboot') }, ['startxfce4', 'reboot']],
    ['a command in another group', { xfce: '[Desktop Action x]\nExec=startxfce4\n' }, ['startxfce4']],
    ['a file without end', { xfce: `${XFCE}${'#'.repeat(70_000)}` }, ['startxfce4']],
  ])('P7.2: is none with %s', async (_what, sessions, programs) => {
    expect(await found(sessions, programs)).toBeUndefined();
  });

  it('P7.2: has the arguments and the names of its file', async () => {
    const text = '[Desktop Entry]\nExec=startlxqt --screen 0\nDesktopNames=LXQt;Test;bad name;\n';
    expect(await found({ xfce: XFCE, lxqt: text }, ['startlxqt'])).toMatchObject({
      ...{ id: 'lxqt', desktops: 'LXQt:Test' },
      command: [join(directory, 'bin', 'startlxqt'), '--screen', '0'],
    });
  });
});
