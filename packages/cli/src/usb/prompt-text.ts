import type { UsbPrompt } from '@usher/sdk/api';
import { printable } from '../columns.ts';

/** One question in one line. */
export function promptText(prompt: UsbPrompt): string {
  const who = `${prompt.viewer === 'loopback' ? 'A program of yours' : prompt.viewer_name} (${prompt.profile_name})`;
  const risks = prompt.risks.length === 0 ? '' : `; careful: ${prompt.risks.join(', ')}`;
  return printable(`${who} wants ${deviceText(prompt)}${risks}`);
}

function deviceText({ vendor_id, product_id, manufacturer, product, serial }: UsbPrompt): string {
  const name = [manufacturer, product].filter(Boolean).join(' ');
  const ids = `${vendor_id}:${product_id}`;
  return [name === '' ? ids : `${name} (${ids})`, serial === null ? '' : `serial ${serial}`].filter(Boolean).join(', ');
}
