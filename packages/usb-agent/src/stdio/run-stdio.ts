import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DENY_ALL } from '@usher/domain';
import { toWire } from '@usher/protocol';
import { ClaimTable, platformClock } from '@usher/usb';
import type { Logger } from 'pino';
import { SignedAclFile } from '../acl-file.ts';
import { AclStore } from '../acl-store.ts';
import { type AclKeyChoice, aclKeyOf } from '../choose-acl-key.ts';
import { type BackendChoice, openBackend, SIMULATED_DEVICES_ALLOWED } from '../choose-backend.ts';
import { followRules } from '../rules-log.ts';
import { endProcess } from '../shutdown.ts';
import { serveStdio } from './stdio-viewer.ts';

export interface StdioArguments {
  readonly home: string;
  readonly choice: BackendChoice;
  /** Rules of the caller's own; a file that was named and can't be believed refuses everything. */
  readonly acl: string | undefined;
  readonly key: AclKeyChoice;
  readonly requiresSignature: boolean;
}

/** `usher usb stdio`: the host's side of the USB protocol for one viewer, without a host. */
export async function runStdio({ home, choice, acl, key, requiresSignature }: StdioArguments, log: Logger): Promise<void> {
  const clock = platformClock(() => performance.now());
  const claims = new ClaimTable({ clock, random: (length) => randomBytes(length) });
  const { backend, problem } = await openBackend(choice, log);
  const path = acl === undefined ? join(home, 'usb_acl.json') : resolve(acl);
  if (acl !== undefined && !existsSync(path)) log.warn({ path }, 'the USB rules that were named are missing; nothing is lent');
  const withoutFile = acl === undefined && backend.name === 'sim' ? SIMULATED_DEVICES_ALLOWED : DENY_ALL;
  const file = new SignedAclFile(dirname(path), path, { key: aclKeyOf(key, path, process.env), requiresSignature });
  const store = await AclStore.load(file, withoutFile);
  followRules(store, path, log);

  const end = (code: number) => endProcess({ claims, backend, log }, code);
  process.once('SIGTERM', () => void end(0));
  process.once('SIGINT', () => void end(0));
  log.info({ backend: backend.name, problem }, 'ready');
  try {
    await serveStdio(process.stdin, process.stdout, { backend, claims, store, clock, audit: (entry) => log.info(entry, 'usb') });
    await end(0);
  } catch (error) {
    log.error({ error: toWire(error) }, 'the viewer sent something that makes no sense, or stopped reading');
    await end(1);
  }
}
