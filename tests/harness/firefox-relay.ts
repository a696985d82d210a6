import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Reader } from '@usher/protocol';
import { type RawData, WebSocket, WebSocketServer } from 'ws';

/**
 * Debian's Firefox between Playwright and its WebDriver BiDi port; run with Firefox's arguments.
 *
 * Playwright asks every new context to emulate the colour scheme and takes no answer but yes. Firefox 153 doesn't know that command; it
 * was told its colours in its preferences. All else goes through as it is.
 */
const EXECUTABLE = '/usr/bin/firefox-esr';
const UNKNOWN_TO_FIREFOX = 'emulation.setMediaFeaturesOverride';
/** Deeper and longer than what WebDriver BiDi says: a screenshot of a large window is some MB of text. */
const MESSAGE_MAX = 64 * 1024 * 1024;

const firefox = spawn(EXECUTABLE, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'pipe'] });
firefox.once('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => firefox.kill(signal));
createInterface({ input: firefox.stderr }).on('line', (line) => {
  const port = /WebDriver BiDi listening on (ws:\/\/\S+)$/.exec(line)?.[1];
  if (port === undefined) process.stderr.write(`${line}\n`);
  else listen(`${port}/session`);
});

/** Tells Playwright the relay's port in the words that Firefox has for its own. */
function listen(target: string): void {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: MESSAGE_MAX });
  server.once('listening', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('a WebSocket server listens on a port');
    process.stderr.write(`WebDriver BiDi listening on ws://127.0.0.1:${address.port}\n`);
  });
  server.on('connection', (playwright) => relay(playwright, target));
}

function relay(playwright: WebSocket, target: string): void {
  const browser = new WebSocket(target, { maxPayload: MESSAGE_MAX });
  const opened = new Promise<void>((resolve) => browser.once('open', () => resolve()));
  const forgiven = new Set<number>();
  playwright.on('message', (data) => {
    const text = textOf(data);
    if (text.includes(UNKNOWN_TO_FIREFOX)) forgiven.add(idOf(text));
    void opened.then(() => browser.send(text));
  });
  browser.on('message', (data) => {
    const text = textOf(data);
    const isForgiven = forgiven.size > 0 && text.includes('"unknown command"') && forgiven.delete(idOf(text));
    playwright.send(isForgiven ? JSON.stringify({ type: 'success', id: idOf(text), result: {} }) : text);
  });
  for (const end of [playwright, browser]) {
    end.on('close', () => {
      playwright.close();
      browser.close();
    });
    end.on('error', () => undefined); // ws closes the socket after every error, and 'close' tells it
  }
}

function idOf(message: string): number {
  return Reader.json(message, 'message').integer('id', 0, Number.MAX_SAFE_INTEGER);
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString();
}
