import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { FakeTerminal } from '../testing/fake-terminal.ts';
import { buildProgram, everyCommand, run } from './program.ts';

const packages = new URL('../../', import.meta.url);

function program(terminal = new FakeTerminal()) {
  return buildProgram({ terminal, packages, outcome: { exitCode: 0 } });
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

const commands = everyCommand(program()).filter((command) => command.parent !== null);
/** Their standard output is a binary link. */
const BINARY = ['usher worker', 'usher usb-agent', 'usher usb stdio', 'usher mcp'];

/** The help as a terminal shows it, `addHelpText` included. */
function helpOf(path: string): string {
  const terminal = new FakeTerminal();
  const command = everyCommand(program(terminal)).find((candidate) => pathOf(candidate) === path);
  command?.outputHelp();
  return terminal.output.join('\n');
}

describe.each(commands.map((command) => [pathOf(command), command] as const))('%s', (path, command) => {
  it('design §6: has a help with an example of itself', () => {
    expect(helpOf(path)).toMatch(new RegExp(`Example:\\n  \\$ ${path}`));
    expect(command.description()).not.toBe('');
  });

  it('design §6: answers with JSON where its output isn’t binary', () => {
    if (!BINARY.includes(path)) expect(command.options.map((option) => option.long)).toContain('--json');
  });
});

describe('design §6: the command line', () => {
  it('has these commands', () => {
    expect(commands.map(pathOf)).toEqual([
      'usher up',
      'usher pair',
      'usher connect',
      'usher hosts',
      'usher devices',
      'usher devices remove',
      'usher devices approve',
      'usher devices deny',
      'usher profiles',
      'usher profiles create',
      'usher profiles update',
      'usher profiles remove',
      'usher profiles passcode',
      'usher profiles windows-credential',
      'usher profiles assign',
      'usher profiles unassign',
      'usher profiles default',
      'usher accounts',
      'usher sessions',
      'usher sessions end',
      'usher audit',
      'usher audit show',
      'usher audit verify',
      'usher usb',
      'usher usb list',
      'usher usb watch',
      'usher usb allow',
      'usher usb block',
      'usher usb acl',
      'usher usb acl remove',
      'usher usb acl default',
      'usher usb acl sign',
      'usher usb prompts',
      'usher usb answer',
      'usher usb claims',
      'usher usb claims end',
      'usher usb open',
      'usher usb descriptor',
      'usher usb listen',
      'usher usb remote',
      'usher usb remote connect',
      'usher usb remote disconnect',
      'usher usb matrix',
      'usher usb udev-rule',
      'usher usb stdio',
      'usher run',
      'usher mcp',
      'usher doctor',
      'usher host',
      'usher worker',
      'usher usb-agent',
    ]);
  });

  it.each([
    ['--help', 0],
    ['pair --help', 0],
    ['dance', 2],
    ['pair --dance', 2],
    ['connect', 2],
    ['connect https://127.0.0.1:9/', 2],
    ['connect https://127.0.0.1:9/ --key f --seconds never', 2],
    ['connect https://127.0.0.1:9/ --key f --width 10', 2],
    ['devices remove', 2],
    ['usb-agent --backend cloud', 2],
    ['usb stdio --backend cloud', 2],
  ])('`usher %s` ends with %i', async (line, exitCode) => {
    expect(await run(line.split(' '), new FakeTerminal(), packages)).toBe(exitCode);
  });

  it('tells a program, too, that it was called wrongly', async () => {
    const terminal = new FakeTerminal();
    expect(await run(['connect', '--json'], terminal, packages)).toBe(2);
    expect(terminal.json()).toMatchObject({ ok: false, code: 'config.invalid' });
    expect(terminal.errors.join('\n')).toContain("required option '--key <file>' not specified");
  });

  it('says which program isn’t built', async () => {
    const terminal = new FakeTerminal();
    expect(await run(['host'], terminal, new URL('file:///nowhere/'))).toBe(2);
    expect(terminal.errors.join('\n')).toContain('/nowhere/host/dist/main.js');
  });
});
