import { type AgentMethod, isCoded } from '@usher/protocol';
import { z } from 'zod';
import type { AgentQuestions } from './agent-questions.ts';
import type { DeviceSource, OpenedDevice, UnitChoice } from './device-source.ts';
import { borrowableDevices, transferred, usbDescriptors, usbProbe } from './transfer-schema.ts';

/** An OPEN may wait for the operator's answer (rule A8). */
const OPENS_WITHIN_MS = 45_000;
/** What a transfer may take beyond its own time (rule A8). */
const TRANSFER_GRACE_MS = 15_000;

const opened = z.object({ claim: z.int().min(1).max(0xfffe) });
const closed = z.object({ closed: z.boolean() });

/** This host's own devices, through the viewer inside the agent (rule A8): the same rules, questions and records as for everybody. */
export class LoopbackDevices implements DeviceSource {
  readonly #agent: AgentQuestions;

  constructor(agent: AgentQuestions) {
    this.#agent = agent;
  }

  devices() {
    return this.#agent.ask('loopback.list', {}, borrowableDevices);
  }

  probe(unit: UnitChoice) {
    return this.#agent.ask('loopback.probe', named(unit), usbProbe, OPENS_WITHIN_MS);
  }

  async open(unit: UnitChoice): Promise<OpenedDevice> {
    const { claim } = await this.#agent.ask('loopback.open', named(unit), opened, OPENS_WITHIN_MS);
    const transfer = <Parameters extends { readonly timeout_ms: number }>(method: AgentMethod) => {
      return (parameters: Parameters) =>
        this.#agent.ask(method, { claim, ...parameters }, transferred, parameters.timeout_ms + TRANSFER_GRACE_MS);
    };
    return {
      descriptors: () => this.#agent.ask('loopback.descriptors', { claim }, usbDescriptors, TRANSFER_GRACE_MS),
      control: transfer('loopback.control'),
      bulk: transfer('loopback.bulk'),
      interrupt: transfer('loopback.interrupt'),
      close: async () => {
        try {
          await this.#agent.ask('loopback.close', { claim }, closed);
        } catch (error) {
          if (!isCoded(error, 'usb.closed')) throw error; // it was taken back before
        }
      },
    };
  }
}

/** No serial number means any; the agent has no word for null. */
function named({ vendor_id, product_id, serial }: UnitChoice) {
  return { vendor_id, product_id, ...(serial === undefined || serial === null ? {} : { serial }) };
}
