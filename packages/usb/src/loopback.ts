import type { ClaimTable } from './claims.ts';
import { UsbClient } from './consumer.ts';
import { type ProviderOptions, UsbProvider } from './provider.ts';

/** A viewer and a device side in one process, joined by nothing but frames (U4.4): the whole path without a network. */
export interface Loopback {
  readonly client: UsbClient;
  readonly provider: UsbProvider;
  /** Ends both, and gives every claim back. */
  close(): Promise<void>;
}

export function openLoopback(options: Omit<ProviderOptions, 'send'> & { readonly claims: ClaimTable }): Loopback {
  // Each direction is handed over in a turn of its own, as a channel would: nobody's send() runs the other's receive().
  const client: UsbClient = new UsbClient({ send: (frame) => Promise.resolve().then(() => provider.receive(frame)) });
  const provider: UsbProvider = new UsbProvider({ ...options, send: (frame) => Promise.resolve().then(() => client.receive(frame)) });
  return {
    client,
    provider,
    async close() {
      client.shutdown();
      provider.detach();
      await options.claims.endOf(options.viewer);
    },
  };
}
