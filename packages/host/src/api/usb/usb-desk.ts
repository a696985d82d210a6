import type { UsbAgent } from '../../services.ts';
import { AgentQuestions } from './agent-questions.ts';
import { HeldDevices } from './held-devices.ts';
import { LoopbackDevices } from './loopback-devices.ts';
import { RemoteHosts } from './remote-hosts.ts';
import { UsbStatistics, type UsbStatisticsParts } from './statistics.ts';

export interface UsbDeskParts extends Omit<UsbStatisticsParts, 'agent'> {
  readonly usb: UsbAgent;
}

/** Everything behind the routes and actions of USB, put together once for one API. */
export function createUsbDesk({ usb, sessions, paired, profiles, clock }: UsbDeskParts) {
  const agent = new AgentQuestions(usb);
  const local = new HeldDevices(clock);
  usb.onNews((news) => {
    if (news.kind === 'sharing') local.forgetAll(); // switched, or another run of the agent: its claims are gone
  });
  return {
    ...{ usb, agent, profiles },
    loopback: new LoopbackDevices(agent),
    remotes: new RemoteHosts(clock),
    statistics: new UsbStatistics({ agent, sessions, paired, profiles, clock }),
    held: { local, remote: new HeldDevices(clock) },
  };
}

export type UsbDesk = ReturnType<typeof createUsbDesk>;
