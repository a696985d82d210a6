import { randomBytes } from 'node:crypto';
import { chownSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { accountName, brokerToken } from '@usher/protocol';
import { Bindings } from './accounts/bindings.ts';
import type { SystemAccount } from './accounts/eligibility.ts';
import { getentAccounts, readUidMin } from './accounts/system-accounts.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { Decisions } from './audit/decisions.ts';
import { Broker } from './broker.ts';
import type { Launcher } from './launchers/launcher.ts';
import { SetprivLauncher } from './launchers/setpriv.ts';
import { SystemdRunLauncher } from './launchers/systemd-run.ts';
import { lineLog } from './log.ts';
import { type BrokerArguments, readArguments } from './options.ts';
import { askForPeer } from './peer.ts';
import { People } from './people.ts';
import { run } from './run.ts';
import { Sessions } from './sessions.ts';

/** The first descriptor that systemd hands over: sd_listen_fds(3). */
const FIRST_LISTEN_FD = 3;
const BROKER_UNIT = 'usher-broker.service';

const log = lineLog((line) => process.stderr.write(line));
const unix = () => Math.floor(Date.now() / 1000);

main().catch((error: unknown) => {
  log.error('the broker cannot start', { problem: error instanceof Error ? error.message : 'unknown' });
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2), process.env);
  const findAccount = getentAccounts(run);
  const host = await findAccount(accountName(options.hostUser));
  if (host === undefined) throw new Error(`the system has no account ${options.hostUser}`);
  if (host.uid === 0) throw new Error('the host runs as root: it must be an ordinary account');

  const decisions = new Decisions({ trail: new AuditTrail({ directory: join(options.state, 'audit'), unix }), unix, log });
  const launcher = launcherOf(options);
  await launcher.sweep();
  const broker = new Broker({
    hostUid: host.uid,
    askForPeer,
    people: new People({ bindings: new Bindings(options.state), findAccount, uidMin: readUidMin(), unix }),
    sessions: new Sessions(launcher, decisions),
    decisions,
    makeToken: () => brokerToken(randomBytes(16).toString('hex')),
    log,
  });
  decisions.begun(process.version);
  listen(broker, options, host);
}

function launcherOf({ launcher, worker, reaper }: BrokerArguments): Launcher {
  const program = [process.execPath, worker];
  if (launcher === 'setpriv') return new SetprivLauncher({ worker: program, log });
  return new SystemdRunLauncher({ worker: program, reaper, brokerUnit: BROKER_UNIT, run, log });
}

function listen(broker: Broker, { socket }: BrokerArguments, { uid: hostUid, gid: hostGid }: SystemAccount): void {
  // Nothing is read before the peer is known.
  const server = createServer({ pauseOnConnect: true }, (connection) => broker.accept(connection));
  const ready = () => log.info('the broker is ready', { node: process.version });
  if (socket === undefined) {
    if (process.env['LISTEN_PID'] !== String(process.pid) || process.env['LISTEN_FDS'] !== '1') {
      throw new Error('systemd handed no socket over; --socket names one');
    }
    server.listen({ fd: FIRST_LISTEN_FD }, ready);
  } else {
    const before = process.umask(0o177); // the socket is nobody's before it is the host's
    rmSync(socket, { force: true });
    server.listen(socket, () => {
      process.umask(before);
      chownSync(socket, hostUid, hostGid);
      ready();
    });
  }
  const stop = () => {
    server.close();
    void broker.close().finally(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
}
