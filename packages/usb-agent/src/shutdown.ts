import { toWire } from '@usher/protocol';
import type { ClaimTable, UsbBackend } from '@usher/usb';
import type { Logger } from 'pino';

/** How long giving devices back may take at the end; the host waits two seconds. */
const FAREWELL_MS = 1500;

/** Gives every device back, then ends the process; a device that doesn't answer can't keep it. */
export async function endProcess(parts: { readonly claims: ClaimTable; readonly backend: UsbBackend; readonly log: Logger }, code: number) {
  const giveBack = parts.claims.endOf().then(() => parts.backend.close());
  const patience = new Promise<void>((resolve) => setTimeout(resolve, FAREWELL_MS));
  await Promise.race([
    giveBack.catch((error: unknown) => parts.log.warn({ error: toWire(error) }, 'a device was not given back')),
    patience,
  ]);
  process.exit(code);
}
