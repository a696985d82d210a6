import { connect, type Socket } from 'node:net';
import {
  type BrokerRefusal,
  type BrokerRequest,
  CodedError,
  decodeBrokerReply,
  encodeBrokerRequest,
  isCoded,
  MAX_BROKER_LINE,
  REFUSAL_FIRST_BYTE,
} from '@usher/protocol';

/** What became of an OPEN: a worker at the other end, with the first bytes that it said, or a refusal. */
export type OpenedSession =
  | { readonly outcome: 'opened'; readonly socket: Socket; readonly first: Uint8Array }
  | { readonly outcome: 'refused'; readonly refusal: BrokerRefusal };

const LINE_FEED = 0x0a;

/**
 * A connection of its own that asks for a session (rules B5, B6). Resolves with the worker's first word: until then nothing is sent. The socket
 * is paused. Rejects with `broker.unavailable`; `signal` ends the attempt.
 */
export function openSession(
  socketPath: string,
  request: BrokerRequest & { readonly type: 'open' },
  signal: AbortSignal,
): Promise<OpenedSession> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath });
    let heard: Uint8Array = new Uint8Array(0);
    let asked = false;

    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off('data', onData).off('close', onClose).pause();
    };
    const fail = (problem: string): void => {
      settle();
      socket.destroy();
      reject(new CodedError('broker.unavailable', `the broker opened no session: ${problem}`));
    };
    const onAbort = (): void => fail('nobody waits for it any more');
    const onClose = (): void => {
      if (asked) {
        settle();
        resolve({ outcome: 'refused', refusal: 'LaunchFailed' }); // a worker that ended before it had said a word
      } else fail('it takes no connection');
    };
    const onData = (chunk: Buffer): void => {
      heard = Buffer.concat([heard, chunk]);
      try {
        const answer = readAnswer(heard);
        if (answer === undefined) return;
        settle();
        if ('refusal' in answer) socket.destroy();
        resolve('refusal' in answer ? { outcome: 'refused', ...answer } : { outcome: 'opened', socket, ...answer });
      } catch (error) {
        if (!isCoded(error)) throw error;
        fail(`it says what no broker says: ${error.message}`);
      }
    };

    socket.on('error', () => {}); // 'close' follows
    socket.once('connect', () => {
      asked = true;
      socket.write(encodeBrokerRequest(request));
    });
    socket.on('data', onData).on('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

type Answer = { readonly refusal: BrokerRefusal } | { readonly first: Uint8Array };

/** What the bytes so far say; undefined while they say nothing whole. */
function readAnswer(heard: Uint8Array): Answer | undefined {
  if (heard.length === 0) return undefined;
  if (heard[0] !== REFUSAL_FIRST_BYTE) return { first: heard };
  const line = firstLine(heard);
  if (line === undefined) return undefined;
  const reply = decodeBrokerReply(line);
  if (reply.type !== 'refused') throw new CodedError('message.unexpected', 'no refusal');
  return { refusal: reply.refusal };
}

/** With its line feed; undefined where it hasn't ended. @throws CodedError `frame.oversized`. */
function firstLine(bytes: Uint8Array): Uint8Array | undefined {
  const end = bytes.subarray(0, MAX_BROKER_LINE).indexOf(LINE_FEED);
  if (end >= 0) return bytes.subarray(0, end + 1);
  if (bytes.length < MAX_BROKER_LINE) return undefined;
  throw new CodedError('frame.oversized', `a line has at most ${MAX_BROKER_LINE} bytes`);
}
