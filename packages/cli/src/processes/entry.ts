import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CodedError } from '@usher/sdk/node';

export type ProcessName = 'host' | 'worker' | 'usb-agent';

/** The built program; `packages` is the directory that holds all of them. */
export function entryOf(packages: URL, name: ProcessName): string {
  const path = fileURLToPath(new URL(`${name}/dist/main.js`, packages));
  if (!existsSync(path)) throw new CodedError('config.invalid', `${path} isn't there; build it with: npm run build`);
  return path;
}
