import {
  CodedError,
  type DeviceKeyProof,
  decodeHostSignal,
  type HostSignal,
  MAX_SIGNAL_MESSAGE,
  type PeerPurpose,
  SIGNAL_VERSION,
  type ViewerSignal,
} from '@usher/protocol';
import type { SignalSocket } from './peer.ts';

export type HelloSignal = Extract<HostSignal, { type: 'hello' }>;

/** What one of the two peers hears from the host. */
export interface SignalHandlers {
  answer(sdp: string): void;
  candidate(candidate: string, mid: string): void;
  /** The host refused, the socket closed, or something came that isn't signalling. */
  failed(error: CodedError): void;
}

/** The viewer's end of the WebSocket: reads every message and passes it to the peer that it is about. */
export class Signalling {
  /** The host's first message; rejects when the connection ends before it. */
  readonly hello: Promise<HelloSignal>;
  readonly #socket: SignalSocket;
  readonly #peers = new Map<PeerPurpose, SignalHandlers>();
  #settleHello: { resolve(hello: HelloSignal): void; reject(error: CodedError): void } | undefined;
  #failure: CodedError | undefined;

  constructor(socket: SignalSocket) {
    this.#socket = socket;
    this.hello = new Promise((resolve, reject) => {
      this.#settleHello = { resolve, reject };
    });
    this.hello.catch(() => undefined); // whoever waits for it sees the rejection; nobody may be waiting any more
    socket.onMessage((text) => this.#read(text));
    socket.onClose(() => this.#fail(new CodedError('session.transport', 'the connection to the host closed')));
  }

  /** Registers who hears about `peer`; at once with the failure if the connection has ended. */
  attach(peer: PeerPurpose, handlers: SignalHandlers): void {
    this.#peers.set(peer, handlers);
    if (this.#failure !== undefined) handlers.failed(this.#failure);
  }

  /** Why the host refused or the connection ended, if it did. */
  get failure(): CodedError | undefined {
    return this.#failure;
  }

  sendOffer(peer: PeerPurpose, sdp: string, key?: DeviceKeyProof): void {
    this.#send({ type: 'offer', peer, sdp, ...(key === undefined ? {} : { key }) });
  }

  sendCandidate(peer: PeerPurpose, candidate: string, mid: string): void {
    this.#send({ type: 'candidate', peer, candidate, mid });
  }

  close(): void {
    this.#socket.close();
  }

  #send(message: ViewerSignal): void {
    if (this.#failure === undefined) this.#socket.send(JSON.stringify(message));
  }

  #read(text: string): void {
    if (this.#failure !== undefined) return;
    try {
      if (text.length > MAX_SIGNAL_MESSAGE) throw new CodedError('frame.oversized', 'a signalling message is larger than 64 KiB');
      this.#dispatch(decodeHostSignal(text));
    } catch (error) {
      this.#fail(error instanceof CodedError ? error : new CodedError('internal', 'signalling failed', { cause: error }));
      this.#socket.close();
    }
  }

  #dispatch(message: HostSignal): void {
    switch (message.type) {
      case 'hello':
        if (message.version !== SIGNAL_VERSION) {
          throw new CodedError(
            'message.unexpected',
            `the host speaks signalling version ${message.version}, this viewer ${SIGNAL_VERSION}`,
          );
        }
        this.#settleHello?.resolve(message);
        this.#settleHello = undefined;
        return;
      case 'answer':
        this.#peers.get(message.peer)?.answer(message.sdp);
        return;
      case 'candidate':
        this.#peers.get(message.peer)?.candidate(message.candidate, message.mid);
        return;
      case 'refused':
        this.#refused(message);
        return;
      default:
        message satisfies never;
    }
  }

  #refused(message: Extract<HostSignal, { type: 'refused' }>): void {
    const { code, retrySeconds, peer } = message;
    const error = new CodedError(code, message.message, retrySeconds === undefined ? {} : { retrySeconds });
    if (peer === undefined) this.#fail(error);
    else this.#peers.get(peer)?.failed(error);
  }

  /** The first failure stays: a close that follows a refusal doesn't hide its reason. */
  #fail(error: CodedError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#settleHello?.reject(error);
    this.#settleHello = undefined;
    for (const handlers of this.#peers.values()) handlers.failed(error);
  }
}
