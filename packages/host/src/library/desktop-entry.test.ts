import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DesktopEnvironment, parseDesktopEntry } from './desktop-entry.ts';

const PLAIN: DesktopEnvironment = { locale: 'C', desktops: [] };
const entry = (lines: string, environment: DesktopEnvironment = PLAIN) =>
  parseDesktopEntry(`[Desktop Entry]\nType=Application\nName=Chess\nExec=chess\n${lines}`, environment);
const commandOf = (exec: string) => parseDesktopEntry(`[Desktop Entry]\nType=Application\nName=Ch ess\nExec=${exec}\n`, PLAIN)?.command;

describe('P4.1: desktop entries', () => {
  it('P4.1: name and program are read, comments and other groups are not', () => {
    const text =
      '# a comment\n[Desktop Entry]\r\nType=Application\r\nName = Chess \nExec=chess --fast\n\n[Desktop Action New]\nName=New\nExec=x\n';
    expect(parseDesktopEntry(text, PLAIN)).toEqual({ name: 'Chess', command: ['chess', '--fast'] });
  });

  it.each([
    ['another type', 'Type=Link'],
    ['a group before it', '[Other]\nType=Application\nName=x\nExec=x'],
    ['no type', 'Name=x\nExec=x'],
    ['no name', 'Type=Application\nExec=x'],
    ['an empty name', 'Type=Application\nName=  \nExec=x'],
    ['a name without end', `Type=Application\nName=${'x'.repeat(257)}\nExec=x`],
    ['no program', 'Type=Application\nName=x'],
  ])('P4.1: %s is no title', (_name, lines) => {
    expect(parseDesktopEntry(`[Desktop Entry]\n${lines}\n`, PLAIN)).toBeUndefined();
  });

  it.each(['NoDisplay=true', 'Hidden=true', 'Terminal=true', 'OnlyShowIn=KDE;', 'OnlyShowIn='])('P4.1: %s is not shown', (line) => {
    expect(entry(line)).toBeUndefined();
  });

  it('P4.1: what belongs to a desktop environment is shown there, or anywhere else', () => {
    const kde = { ...PLAIN, desktops: ['KDE'] };
    expect(entry('OnlyShowIn=GNOME;KDE;', kde)).toBeDefined();
    expect(entry('NotShowIn=KDE;', kde)).toBeUndefined();
    expect(entry('NotShowIn=KDE;')).toBeDefined();
    expect(entry('NoDisplay=false')).toBeDefined();
  });

  it.each([
    ['de_DE.UTF-8@euro', 'euro-de'],
    ['de_AT.UTF-8', 'AT'],
    ['de_CH', 'de'],
    ['fr_FR.UTF-8', 'Chess'],
    ['C', 'Chess'],
    ['', 'Chess'],
  ])('P4.1: the name in %s is %s', (locale, expected) => {
    const names = 'Name[de]=de\nName[de_AT]=AT\nName[de@euro]=euro-de';
    expect(entry(names, { locale, desktops: [] })?.name).toBe(expected);
  });

  it('P4.1: escapes are resolved once, and the first of two keys counts', () => {
    expect(entry('Name=Other')?.name).toBe('Chess');
    expect(parseDesktopEntry('[Desktop Entry]\nType=Application\nName=a\\sb\\\\c\nExec=x\n', PLAIN)?.name).toBe('a b\\c');
  });

  it.each([
    ['chess', ['chess']],
    ['chess %U', ['chess']],
    ['chess  --new %f --icon %i', ['chess', '--new', '--icon']],
    ['chess --title %c', ['chess', '--title', 'Ch ess']],
    ['chess --file=%u 100%%', ['chess', '--file=', '100%']],
    ['"/opt/my chess/chess" "a %f b"', ['/opt/my chess/chess', 'a %f b']],
    ['chess "say \\\\"hi\\\\" for \\\\$5"', ['chess', 'say "hi" for $5']],
    ['sh -c "a;b" #x', ['sh', '-c', 'a;b', '#x']],
  ])('P4.1: Exec=%s is %j', (exec, expected) => {
    expect(commandOf(exec)).toEqual(expected);
  });

  it.each(['', '%f', '"', '"chess', 'a"b', '""', 'x '.repeat(65)])('P4.1: Exec=%j names no program', (exec) => {
    expect(commandOf(exec)).toBeUndefined();
  });

  it('P4.1: no text makes it throw', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void parseDesktopEntry(`[Desktop Entry]\n${text}`, PLAIN)));
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (exec) => void commandOf(exec)));
  });
});
