import type { UsbPrompt } from '@usher/sdk/api';
import { CodedError } from '@usher/sdk/node';
import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import { promptText } from '../usb/prompt-text.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

/** What the operator is asked before a device is lent (U3.3). */
export function usbPromptsCommand(context: CommandContext): Command {
  return withHostChoice(newCommand('prompts', 'questions that wait for you: who wants which USB device', 'usher usb prompts')).action(
    (options: HostCommandOptions) =>
      perform(context, options, async () => {
        const prompts = await (await openOwnHost(options, context.terminal.environment)).usb.prompts();
        return { json: { prompts }, text: promptsText(prompts, context.terminal.self) };
      }),
  );
}

export function usbAnswerCommand(context: CommandContext): Command {
  return withHostChoice(
    newCommand('answer', 'lend a USB device to whoever asks for it, or not', 'usher usb answer 5c1f0a93b7d2e648 allow --remember'),
  )
    .argument('<id>', 'the question, as `usher usb prompts` shows it')
    .argument('<answer>', 'allow or deny')
    .option('--remember', 'make a rule of it, in place of the one that asked')
    .action((id: string, answer: string, options: HostCommandOptions & { readonly remember?: boolean }) =>
      perform(context, options, async () => {
        if (answer !== 'allow' && answer !== 'deny') throw new CodedError('config.invalid', 'the answer is allow or deny');
        if (!/^[0-9a-f]{16}$/.test(id)) throw new CodedError('config.invalid', 'a question is named by 16 hex digits');
        const remember = options.remember === true;
        const api = await openOwnHost(options, context.terminal.environment);
        await api.usb.answerPrompt(id, { allow: answer === 'allow', remember });
        const kept = remember ? ', and so it will be from now on' : '';
        return { json: { answered: id, allow: answer === 'allow', remember }, text: `${answer === 'allow' ? 'lent' : 'not lent'}${kept}` };
      }),
    );
}

function promptsText(prompts: readonly UsbPrompt[], self: string): string {
  if (prompts.length === 0) return 'Nobody asks for a USB device.';
  const now = Date.now() / 1000;
  const rows = prompts.map((prompt) => [prompt.id, `${Math.max(0, Math.round(prompt.expires_unix - now))} s`, promptText(prompt)]);
  return `${columns(['QUESTION', 'LEFT', ''], rows)}\nAnswer: ${self} usb answer QUESTION allow|deny [--remember]`;
}
