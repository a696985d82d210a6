import { hostname } from 'node:os';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { exitCodeOf } from '../exit-codes.ts';
import { reportText } from '../visit/report.ts';
import { type VisitRequest, visit } from '../visit/visit.ts';
import { type CommandContext, newCommand, type Output } from './command.ts';

interface ConnectCommandOptions extends Output {
  readonly key: string;
  readonly pin?: string;
  readonly profile?: string;
  readonly passcodeStdin?: boolean;
  readonly launch?: string;
  readonly hostFingerprint?: string;
  readonly name: string;
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly usb?: boolean;
}

export function connectCommand(context: CommandContext): Command {
  const { terminal, outcome } = context;
  return newCommand(
    'connect',
    'a viewer without a screen: pairs or knocks, enters, receives for a while and says what came',
    'usher connect https://192.168.1.5:9939/ --key me.json --pin 123456 --seconds 5 --json',
  )
    .argument('<url>', 'the host’s address')
    .requiredOption('--key <file>', 'this device’s identity; made at the first use')
    .option('--pin <digits>', 'pair with the PIN that the host shows')
    .option('--profile <id>', 'whose desktop (the host’s choice where absent)')
    .option('--passcode-stdin', 'read the profile’s passcode from the first line of standard input')
    .option('--launch <id>', 'begin with this title of the library, such as steam:570 or desktop:firefox')
    .option('--host-fingerprint <hex>', 'the host’s fingerprint, compared by you; replaces the one that was pinned')
    .option('--name <name>', 'what the operator sees', `usher connect on ${hostname()}`)
    .option('--seconds <number>', 'how long to stay; for a first picture, up to 15', wholeNumber(1, 86_400), 5)
    .option('--width <pixels>', 'width of the wished picture', wholeNumber(320, 3840), 1280)
    .option('--height <pixels>', 'height of the wished picture', wholeNumber(200, 2160), 720)
    .option('--usb', 'fail where the lent USB devices can’t be listed; without it they are listed where there are any')
    .action(async (url: string, options: ConnectCommandOptions) => {
      const { report, error } = await visit(await requestOf(url, options, context), terminal);
      if (error !== undefined) terminal.err(`usher: ${report.message ?? 'an unexpected error'}`);
      terminal.out(options.json === true ? JSON.stringify(report) : reportText(report));
      outcome.exitCode = error === undefined ? 0 : exitCodeOf(error);
    });
}

async function requestOf(url: string, options: ConnectCommandOptions, { terminal }: CommandContext): Promise<VisitRequest> {
  return {
    url,
    keyFile: options.key,
    deviceName: options.name,
    mode: { width: options.width, height: options.height, refreshHz: 60 },
    seconds: options.seconds,
    requireUsb: options.usb === true,
    ...(options.pin === undefined ? {} : { pin: options.pin }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.passcodeStdin === true ? { passcode: (await terminal.readLines(1))[0] ?? '' } : {}),
    ...(options.launch === undefined ? {} : { launch: options.launch }),
    ...(options.hostFingerprint === undefined ? {} : { hostFingerprint: options.hostFingerprint }),
  };
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
    return value;
  };
}
