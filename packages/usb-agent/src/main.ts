import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DENY_ALL } from '@usher/domain';
import { toWire } from '@usher/protocol';
import { ClaimTable, platformClock, type UsbBackend } from '@usher/usb';
import { pino } from 'pino';
import { SignedAclFile } from './acl-file.ts';
import { AclStore } from './acl-store.ts';
import { watchRules } from './acl-watch.ts';
import { type BackendChoice, openBackend, SIMULATED_DEVICES_ALLOWED } from './choose-backend.ts';
import { HostStream, readHost } from './host-stream.ts';
import { HotplugLog } from './hotplug-log.ts';
import { LinkServer } from './link-server.ts';

/** How long giving devices back may take at the end; the host waits two seconds. */
const FAREWELL_MS = 1500;

const { USHER_HOME, USHER_LOG = 'info' } = process.env;
const log = pino({ name: 'usb-agent', level: USHER_LOG }, pino.destination({ dest: 2, sync: true }));
const { home, choice } = readArguments();
const clock = platformClock(() => performance.now());
const host = new HostStream(process.stdout);
const claims = new ClaimTable({ clock, random: (length) => randomBytes(length) });

const { backend, problem } = await openBackend(choice);
const store = await AclStore.load(new SignedAclFile(home), backend.name === 'sim' ? SIMULATED_DEVICES_ALLOWED : DENY_ALL);
logRules();
store.onChange(logRules);
await watchRules(
  join(home, 'usb_acl.json'),
  () => void store.refresh(),
  (reason) => log.warn({ reason }, 'the USB rules are not watched; a hand edit counts when a device is opened'),
);

const server = new LinkServer({
  backend,
  claims,
  store,
  hotplug: new HotplugLog(),
  clock,
  send: (message) => host.send(message),
  audit: ({ viewer, ...entry }) => log.info({ ...entry, viewer: viewer.slice(0, 8) }, 'usb'),
});

process.once('SIGTERM', () => void finish(backend, 0));
process.once('SIGINT', () => void finish(backend, 0));
log.info({ backend: backend.name, problem }, 'ready');
await host.send({ type: 'ready', backend: backend.name, ...(problem === undefined ? {} : { problem }) });
try {
  await readHost(process.stdin, (message) => server.receive(message));
  await finish(backend, 0);
} catch (error) {
  log.error({ error: toWire(error) }, 'the host sent something that makes no sense');
  await finish(backend, 1);
}

function readArguments(): { readonly home: string; readonly choice: BackendChoice } {
  const { values } = parseArgs({ options: { home: { type: 'string' }, backend: { type: 'string', default: 'auto' } } });
  const choice = values.backend;
  if (choice !== 'auto' && choice !== 'libusb' && choice !== 'sim') {
    process.stderr.write('usage: usb-agent --home DIR --backend auto|libusb|sim\n');
    process.exit(2);
  }
  return { home: values.home ?? USHER_HOME ?? join(homedir(), '.config', 'usher'), choice };
}

function logRules(): void {
  const { acl, integrity } = store;
  if (integrity.ok) log.info({ default: acl.default, rules: acl.rules.length }, 'the USB rules');
  else log.warn({ problem: integrity.problem }, 'the USB rules are not trusted; nothing is lent');
}

/** Gives every device back, then ends; a device that doesn't answer can't keep the process. */
async function finish(opened: UsbBackend, code: number): Promise<void> {
  const giveBack = claims.endOf().then(() => opened.close());
  const patience = new Promise<void>((resolve) => setTimeout(resolve, FAREWELL_MS));
  await Promise.race([giveBack.catch((error: unknown) => log.warn({ error: toWire(error) }, 'a device was not given back')), patience]);
  process.exit(code);
}
