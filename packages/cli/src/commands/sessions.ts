import type { Session } from '@usher/sdk/api';
import type { Command } from 'commander';
import { columns, localTime } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

export function sessionsCommand(context: CommandContext): Command {
  const open = (options: HostCommandOptions) => openOwnHost(options, context.terminal.environment);
  const command = withHostChoice(newCommand('sessions', 'who is in', 'usher sessions')).action((options: HostCommandOptions) =>
    perform(context, options, async () => {
      const sessions = await (await open(options)).sessions();
      return { json: { sessions }, text: sessionsText(sessions) };
    }),
  );
  command.addCommand(
    withHostChoice(newCommand('end', 'end a session, and free its seat; its viewer is told', 'usher sessions end 4f1c9a2b77d0e365'))
      .alias('reclaim')
      .argument('<id>', 'the id that `usher sessions` shows')
      .action((id: string, options: HostCommandOptions) =>
        perform(context, options, async () => {
          await (await open(options)).endSession(id);
          return { json: { ended: id }, text: `session ${id} was ended` };
        }),
      ),
  );
  return command;
}

function sessionsText(sessions: readonly Session[]): string {
  if (sessions.length === 0) return 'Nobody is in.';
  return columns(
    ['SESSION', 'PROFILE', 'DEVICE', 'SINCE', 'PICTURE', 'RATE', 'RTT'],
    sessions.map((session) => [
      session.session_id,
      session.profile_id,
      session.device_name,
      localTime(session.started_unix),
      `${session.width}×${session.height} ${session.codec}`,
      `${session.bitrate_kbps} kbit/s`,
      session.rtt_ms === undefined ? '' : `${session.rtt_ms.toFixed(1)} ms`,
    ]),
  );
}
