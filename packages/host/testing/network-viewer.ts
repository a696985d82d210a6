import { once } from 'node:events';
import { CodedError, decodeHostSignal, type Fingerprint, type HostSignal, type PeerPurpose, type ViewerSignal } from '@usher/protocol';
import { WebSocket } from 'ws';
import type { HostPeer, PeerAnswer } from '../src/webrtc/peer.ts';
import { NativeViewer } from './native-viewer.ts';
import type { ContractChannel } from './peer-contract.ts';

/** libdatachannel as the offerer now and then fails its DTLS handshake (facts, media §1.4); a fresh connection gets through. */
const ATTEMPTS = 5;

/** A viewer over the real network: WebSocket, ICE, DTLS and SCTP on loopback. */
export class NetworkViewer {
  readonly device: Fingerprint;
  readonly control: ContractChannel;
  readonly input: ContractChannel;
  readonly native: NativeViewer;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket, native: NativeViewer, control: ContractChannel, input: ContractChannel) {
    this.device = native.fingerprint;
    this.control = control;
    this.input = input;
    this.native = native;
    this.#socket = socket;
  }

  static async connect(url: string): Promise<NetworkViewer> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const socket = new WebSocket(url);
      await once(socket, 'open');
      const native = new NativeViewer({ video: ['h264'], audio: true });
      await native.connect(new SignalledPeer(socket, 'session'), await native.offer());
      if ((await native.settled) === 'connected') {
        return new NetworkViewer(socket, native, await native.open('control'), await native.open('input'));
      }
      native.close();
      socket.close();
    }
    throw new Error(`no connection in ${ATTEMPTS} attempts`);
  }

  close(): void {
    this.native.close();
    this.#socket.close();
  }
}

/** The host's peer as a viewer has it: at the other end of signalling. What only the host's own side knows isn't there. */
class SignalledPeer implements HostPeer {
  readonly media = undefined;
  readonly #socket: WebSocket;
  readonly #purpose: PeerPurpose;
  #onCandidate: (candidate: string, mid: string) => void = () => {};

  constructor(socket: WebSocket, purpose: PeerPurpose) {
    this.#socket = socket;
    this.#purpose = purpose;
  }

  answer(offerSdp: string): Promise<PeerAnswer> {
    this.#say({ type: 'offer', peer: this.#purpose, sdp: offerSdp });
    return new Promise((resolve, reject) => {
      this.#socket.on('message', (data: Buffer) => {
        const signal: HostSignal = decodeHostSignal(data.toString());
        if (signal.type === 'answer') resolve({ sdp: signal.sdp, video: undefined, audio: false });
        // Whoever waits for the answer goes first: a candidate is worth nothing without it.
        if (signal.type === 'candidate') setImmediate(() => this.#onCandidate(signal.candidate, signal.mid));
        if (signal.type === 'refused') reject(new CodedError(signal.code, signal.message));
      });
    });
  }

  addCandidate(candidate: string, mid: string): void {
    this.#say({ type: 'candidate', peer: this.#purpose, candidate, mid });
  }

  onCandidate(listener: (candidate: string, mid: string) => void): void {
    this.#onCandidate = listener;
  }

  remoteFingerprint(): undefined {
    return undefined;
  }

  onChannel(): void {}

  onState(): void {}

  close(): void {
    this.#socket.close();
  }

  #say(signal: ViewerSignal): void {
    this.#socket.send(JSON.stringify(signal));
  }
}
