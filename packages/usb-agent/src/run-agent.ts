import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DENY_ALL } from '@usher/domain';
import { toWire } from '@usher/protocol';
import { ClaimTable, platformClock } from '@usher/usb';
import type { Logger } from 'pino';
import { SignedAclFile } from './acl-file.ts';
import { AclStore } from './acl-store.ts';
import { type AclKeyChoice, aclKeyOf } from './choose-acl-key.ts';
import { type BackendChoice, openBackend, SIMULATED_DEVICES_ALLOWED } from './choose-backend.ts';
import { HostStream, readHost } from './host-stream.ts';
import { HotplugLog } from './hotplug-log.ts';
import { LinkServer } from './link-server.ts';
import { followRules } from './rules-log.ts';
import { endProcess } from './shutdown.ts';

interface AgentArguments {
  readonly home: string;
  readonly choice: BackendChoice;
  readonly key: AclKeyChoice;
  readonly requiresSignature: boolean;
}

/** The agent of a host, which is at the other end of standard input and output (rules A1–A9). */
export async function runAgent({ home, choice, key, requiresSignature }: AgentArguments, log: Logger): Promise<void> {
  const clock = platformClock(() => performance.now());
  const host = new HostStream(process.stdout);
  const claims = new ClaimTable({ clock, random: (length) => randomBytes(length) });
  const { backend, problem } = await openBackend(choice, log);
  const path = join(home, 'usb_acl.json');
  const file = new SignedAclFile(home, path, { key: aclKeyOf(key, path, process.env), requiresSignature });
  const store = await AclStore.load(file, backend.name === 'sim' ? SIMULATED_DEVICES_ALLOWED : DENY_ALL);
  followRules(store, path, log);

  const server = new LinkServer({
    backend,
    claims,
    store,
    hotplug: new HotplugLog(),
    clock,
    send: (message) => host.send(message),
    log: ({ viewer, ...row }) => log.info({ ...row, ...(viewer === undefined ? {} : { viewer: viewer.slice(0, 8) }) }, 'usb'),
  });

  const end = (code: number) => endProcess({ claims, backend, log }, code);
  process.once('SIGTERM', () => void end(0));
  process.once('SIGINT', () => void end(0));
  log.info({ backend: backend.name, problem }, 'ready');
  await host.send({ type: 'ready', backend: backend.name, ...(problem === undefined ? {} : { problem }) });
  try {
    await readHost(process.stdin, (message) => server.receive(message));
    await end(0);
  } catch (error) {
    log.error({ error: toWire(error) }, 'the host sent something that makes no sense');
    await end(1);
  }
}
