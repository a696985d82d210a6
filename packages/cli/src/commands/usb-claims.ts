import type { UsbStatistics } from '@usher/sdk/api';
import { CodedError } from '@usher/sdk/node';
import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

/** Who has which device, and how much goes through it (U5.5). */
export function usbClaimsCommand(context: CommandContext): Command {
  const command = withHostChoice(newCommand('claims', 'which USB devices are lent, to whom, and what moves', 'usher usb claims')).action(
    (options: HostCommandOptions) =>
      perform(context, options, async () => {
        const statistics = await (await openOwnHost(options, context.terminal.environment)).usb.statistics();
        return { json: statistics, text: claimsText(statistics) };
      }),
  );
  command.addCommand(
    withHostChoice(newCommand('end', 'take a lent USB device back', 'usher usb claims end 3'))
      .argument('<claim>', 'the number that `usher usb claims` shows')
      .action((claim: string, options: HostCommandOptions) =>
        perform(context, options, async () => {
          if (!/^\d{1,5}$/.test(claim)) throw new CodedError('config.invalid', 'a claim is a number');
          await (await openOwnHost(options, context.terminal.environment)).usb.endClaim(Number(claim));
          return { json: { ended: Number(claim) }, text: `the device of claim ${claim} was taken back` };
        }),
      ),
  );
  return command;
}

function claimsText({ claims, viewers }: UsbStatistics): string {
  if (claims.length === 0) return 'No USB device is lent.';
  const line = new Map(viewers.map((viewer) => [viewer.viewer, viewer]));
  return columns(
    ['CLAIM', 'DEVICE', 'TO', 'READ', 'WRITTEN', 'RTT', 'LOSS'],
    claims.map((claim) => {
      const { rtt_ms, loss } = line.get(claim.viewer) ?? {};
      return [
        String(claim.claim),
        `${claim.vendor_id}:${claim.product_id} ${claim.product ?? ''}`.trim(),
        claim.viewer === 'loopback' ? 'this API' : claim.viewer_name + (claim.profile_name === '' ? ', away' : ` (${claim.profile_name})`),
        `${bytes(claim.bytes_in)} (${bytes(claim.bytes_in_per_second)}/s)`,
        `${bytes(claim.bytes_out)} (${bytes(claim.bytes_out_per_second)}/s)`,
        rtt_ms === undefined ? '' : `${rtt_ms.toFixed(1)} ms`,
        loss === undefined ? '' : `${(loss * 100).toFixed(1)} %`,
      ];
    }),
  );
}

function bytes(count: number): string {
  if (count < 1024) return `${Math.round(count)} B`;
  return count < 1024 * 1024 ? `${(count / 1024).toFixed(1)} KiB` : `${(count / 1024 / 1024).toFixed(1)} MiB`;
}
