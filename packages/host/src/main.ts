import { isCoded } from '@usher/protocol';
import { readConfig } from './config.ts';
import { ExitCode, exitCodeOf } from './exit-codes.ts';
import { type RunningHost, startHost } from './host.ts';
import { type Logger, openLog } from './log.ts';

/** Children have 2 s to end; what hangs longer than this goes down with the process. */
const STOP_WITHIN_MS = 5_000;

const log = openLog(process.env['USHER_LOG']);

console.log = console.error; // stdout is the ready line's alone; the mDNS library prints its troubles
process.on('uncaughtException', (error) => fail(error, log)); // an unhandled rejection arrives here too
try {
  const host = await startHost(await readConfig(process.argv.slice(2), process.env), log);
  endOnSignal(host, log);
  process.stdout.write(
    `${JSON.stringify({ ready: true, url: host.url, fingerprint: host.fingerprint, tokenCreated: host.tokenCreated })}\n`,
  );
} catch (error) {
  fail(error, log);
}

/** One line for the operator where the operator can do something; the whole error where it is a bug of ours. */
function fail(error: unknown, log: Logger): never {
  if (isCoded(error)) log.fatal({ code: error.code }, error.message);
  else log.fatal({ err: error }, 'an unexpected error ended the host');
  process.exit(exitCodeOf(error));
}

function endOnSignal(host: RunningHost, log: Logger): void {
  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ending) return; // a second Ctrl-C changes nothing: the end is bounded already
    ending = true;
    log.info({ signal }, 'the host ends');
    setTimeout(() => {
      log.error('something did not end in time');
      process.exit(ExitCode.Internal);
    }, STOP_WITHIN_MS).unref();
    host.close().then(
      () => process.exit(ExitCode.Clean),
      (error: unknown) => fail(error, log),
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
