import { fingerprint } from '@usher/sdk';

/** The host says hello at once; a page that still waits after this long says nothing instead. */
const HELLO_MS = 5000;

/**
 * The fingerprint in the host's first signalling message, for a person to compare before anything is trusted. Undefined where none came.
 * Never rejects: without it the page only shows less.
 */
export function presentedFingerprint(origin: string, signal: AbortSignal): Promise<string | undefined> {
  const url = new URL('/signal', origin);
  url.protocol = 'wss:';
  const ends = AbortSignal.any([signal, AbortSignal.timeout(HELLO_MS)]);
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const settle = (found: string | undefined) => {
      socket.close();
      resolve(found);
    };
    socket.onmessage = (event: MessageEvent<unknown>) => settle(fingerprintOfHello(event.data));
    socket.onclose = () => settle(undefined);
    ends.addEventListener('abort', () => settle(undefined), { once: true });
  });
}

function fingerprintOfHello(data: unknown): string | undefined {
  try {
    const hello: unknown = typeof data === 'string' ? JSON.parse(data) : undefined;
    if (typeof hello !== 'object' || hello === null || !('fingerprint' in hello)) return undefined;
    return typeof hello.fingerprint === 'string' ? fingerprint(hello.fingerprint) : undefined;
  } catch {
    return undefined; // not a hello: there is nothing to show
  }
}
