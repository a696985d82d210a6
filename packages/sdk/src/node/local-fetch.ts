import { request } from 'node:http';
import { CodedError } from '@usher/protocol';
import { fetchOver } from './fetch-over.ts';

/** The address under which a host is asked over its local socket; no packet goes there. */
export const LOCAL_URL = 'http://localhost/';

/** A `fetch` for the management API of a host on this machine, by the socket `api.sock` in its state directory (`baseUrl`: {@link LOCAL_URL}). */
export function localFetch(socketPath: string): typeof fetch {
  const failureOf = (cause: Error) => {
    if (cause.name === 'AbortError' || cause instanceof CodedError) return cause;
    const word = 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
    return new CodedError('host.unreachable', `no host answers at ${socketPath}${word}; does it run?`, { cause });
  };
  return (input, init) =>
    fetchOver(
      (url, options, answered) => request(url, { ...options, socketPath, agent: false }, answered),
      new Request(input, init),
      failureOf,
    );
}
