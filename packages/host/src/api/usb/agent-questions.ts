import { type AgentMethod, CodedError } from '@usher/protocol';
import type { z } from 'zod';
import type { UsbAgent } from '../../services.ts';

/** Asks the usb-agent, and believes only what reads as it should. With sharing off nothing is asked at all (U3.6). */
export class AgentQuestions {
  readonly #usb: UsbAgent;

  constructor(usb: UsbAgent) {
    this.#usb = usb;
  }

  async ask<Answer extends z.ZodType>(method: AgentMethod, params: unknown, answer: Answer, withinMs?: number): Promise<z.output<Answer>> {
    if (!this.#usb.enabled()) throw new CodedError('usb.disabled', 'USB sharing is off; turn it on first');
    const read = answer.safeParse(await this.#usb.request(method, params, withinMs));
    if (!read.success) throw new CodedError('usb.backend-unavailable', 'the usb-agent answered something else than was asked');
    return read.data;
  }
}
