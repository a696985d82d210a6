import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { CodedError } from '@usher/protocol';

/** The largest answer of the API is a list of devices, a few hundred bytes each. */
const BODY_MAX = 4 * 1024 * 1024;
/** A route that asks the operator first waits 45 s for the answer. */
const ANSWER_MS = 60_000;

/** Begins a request; `answered` is called with the answer's head. */
export type StartRequest = (url: string, options: RequestOptions, answered: (answer: IncomingMessage) => void) => ClientRequest;

/** The platform's `fetch` in Node's own requests, over a transport that `fetch` doesn't have. `explained` words what the transport fails with. */
export async function fetchOver(start: StartRequest, wanted: Request, explained: (cause: Error, url: string) => Error): Promise<Response> {
  const body = Buffer.from(await wanted.arrayBuffer());
  const options = { method: wanted.method, headers: headersOf(wanted, body), signal: wanted.signal, timeout: ANSWER_MS };
  return new Promise((resolve, reject) => {
    const call = start(wanted.url, options, (incoming) => {
      collect(incoming).then((bytes) => resolve(responseOf(incoming, bytes)), reject);
    });
    call.once('timeout', () => call.destroy(new CodedError('host.unreachable', 'the host does not answer')));
    call.once('error', (cause) => reject(explained(cause, wanted.url)));
    call.end(body);
  });
}

async function collect(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const body: AsyncIterable<Buffer> = incoming; // without an encoding set, a stream gives Buffers
  for await (const chunk of body) {
    length += chunk.length;
    if (length > BODY_MAX) throw new CodedError('frame.oversized', 'the host’s answer is larger than 4 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function responseOf(incoming: IncomingMessage, bytes: Buffer): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, [value].flat().join(', '));
  }
  // Statuses without a body must be given none (Fetch standard, null body status).
  const status = incoming.statusCode ?? 502;
  return new Response(status === 204 || status === 304 ? undefined : new Uint8Array(bytes), { status, headers });
}

function headersOf(wanted: Request, body: Buffer): Record<string, string> {
  const headers: Record<string, string> = Object.fromEntries(wanted.headers.entries());
  return body.length === 0 ? headers : { ...headers, 'content-length': String(body.length) };
}
