import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { readAclKeyChoice } from './choose-acl-key.ts';
import type { BackendChoice } from './choose-backend.ts';
import { runDevice } from './device-process/run-device.ts';
import { runGuard } from './guard/run-guard.ts';
import { runAgent } from './run-agent.ts';
import { runStdio } from './stdio/run-stdio.ts';

const USAGE = `usage: usb-agent [--home DIR] [--backend auto|libusb|sim] [--key KEY] [--require-signature]
       usb-agent stdio [--home DIR] [--backend auto|libusb|sim] [--acl FILE] [--key KEY] [--require-signature]
                       (KEY: file, file:PATH, env or keychain)
       usb-agent guard   (the agent starts it itself)
       usb-agent device  (the agent starts it itself)
`;

const { USHER_HOME, USHER_LOG = 'info', USHER_USB_KEY = 'file' } = process.env;
const { mode, acl, ...agent } = readArguments();
const log = pino({ name: mode === 'agent' ? 'usb-agent' : `usb-${mode}`, level: USHER_LOG }, pino.destination({ dest: 2, sync: true }));
if (mode === 'stdio') await runStdio({ ...agent, acl }, log);
else if (mode === 'guard') await runGuard(process.stdin, log).finally(() => process.exit());
else if (mode === 'device') await runDevice(process.stdin, process.stdout, log).finally(() => process.exit());
else await runAgent(agent, log);

function readArguments() {
  const { values, positionals } = parseArgs({
    options: {
      home: { type: 'string' },
      backend: { type: 'string', default: 'auto' },
      acl: { type: 'string' },
      key: { type: 'string' },
      'require-signature': { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [mode = 'agent', ...rest] = positionals;
  const { backend, acl, key = USHER_USB_KEY } = values;
  const isUnderstood = mode === 'stdio' || ((mode === 'agent' || mode === 'guard' || mode === 'device') && acl === undefined);
  const choice = readAclKeyChoice(key);
  if (!isBackend(backend) || choice === undefined || !isUnderstood || rest.length > 0) {
    process.stderr.write(USAGE);
    process.exit(2);
  }
  const home = values.home ?? USHER_HOME ?? join(homedir(), '.config', 'usher');
  return { mode, acl, key: choice, requiresSignature: values['require-signature'], choice: backend, home };
}

function isBackend(word: string): word is BackendChoice {
  return word === 'auto' || word === 'libusb' || word === 'sim';
}
