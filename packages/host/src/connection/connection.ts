import { randomBytes } from 'node:crypto';
import { InputBudget, limitKbps } from '@usher/domain';
import {
  ABI_VERSION,
  CodedError,
  decodeViewerSignal,
  ERRORS,
  encodeProfileReject,
  encodeReconfigured,
  encodeSessionEnded,
  encodeWelcome,
  type Fingerprint,
  type IceServer,
  isCoded,
  MAX_SIGNAL_MESSAGE,
  SIGNAL_VERSION,
  shortFingerprint,
  toWire,
  type ViewerSignal,
} from '@usher/protocol';
import type { Launch } from '../library/launchable.ts';
import type { Logger } from '../log.ts';
import { ProfileRejected } from '../profile-rejected.ts';
import type { OpenSession, SessionPlaces } from '../sessions/sessions.ts';
import type { UsbLinks } from '../usb/usb-agent.ts';
import type { PeerAnswer, PeerFactory } from '../webrtc/peer.ts';
import type { AdmissionTicket } from './admission.ts';
import { BulkPeer } from './bulk-peer.ts';
import type { ControlLine } from './control-line.ts';
import { Deadline } from './deadline.ts';
import { inDeviceWords } from './device-words.ts';
import { type Admitted, Handshake, type HandshakeServices } from './handshake.ts';
import { identify, type OfferedIdentity } from './identity.ts';
import { answerControl, takeInput } from './running.ts';
import { type InputLabel, SessionPeer } from './session-peer.ts';
import type { SignalSocket } from './signal-socket.ts';

/** Ten seconds until the offer, and ten from the offer to Hello (requirement P5.3). */
const HANDSHAKE_MS = 10_000;
/** Candidates of one offer; what is worth trying is far less, and the peer takes no more than it needs. */
const CANDIDATES_MAX = 256;
/** Bulk connections that a session may make one after the other. */
const BULK_OFFERS_MAX = 64;

export interface ConnectionServices extends HandshakeServices {
  /** Fingerprint of the certificate that the host's peers show. */
  readonly host: Fingerprint;
  /** Asked for each connection: a relay's credential may be made for one. */
  readonly iceServers: () => readonly IceServer[];
  readonly peers: PeerFactory;
  readonly sessions: SessionPlaces;
  readonly usb: UsbLinks;
  readonly log: Logger;
}

type Offer = Extract<ViewerSignal, { type: 'offer' }>;
type Candidate = Extract<ViewerSignal, { type: 'candidate' }>;

/**
 * One viewer from hello to goodbye. The story is {@link Connection.#tell}; everything that can end it goes through {@link Connection.end},
 * and the end is always the same: leave the session, tell the viewer why, close.
 */
export class Connection {
  /** Resolves once nothing of the connection is left. */
  readonly finished: Promise<void>;
  readonly #socket: SignalSocket;
  readonly #address: string;
  readonly #ticket: AdmissionTicket;
  readonly #services: ConnectionServices;
  readonly #nonce = randomBytes(32).toString('base64');
  readonly #deadline: Deadline;
  readonly #ending = new AbortController();
  readonly #inputBudget: InputBudget;
  #resolveFinished = (): void => {};
  #peer: SessionPeer | undefined;
  #identity: OfferedIdentity | undefined;
  #admitted: Admitted | undefined;
  #session: OpenSession | undefined;
  #bulk: BulkPeer | undefined;
  #candidates = 0;
  #bulkOffers = 0;

  constructor(socket: SignalSocket, address: string, ticket: AdmissionTicket, services: ConnectionServices) {
    this.#socket = socket;
    this.#address = address;
    this.#ticket = ticket;
    this.#services = services;
    this.#inputBudget = new InputBudget(services.clock.now());
    this.finished = new Promise((resolve) => {
      this.#resolveFinished = resolve;
    });
    this.#deadline = new Deadline(services.clock, HANDSHAKE_MS, () =>
      this.end(new CodedError('session.handshake-timeout', 'the handshake took longer than ten seconds')),
    );
    socket.onMessage((message) => this.#guard(() => this.#receive(message)));
    socket.onClosed(() => this.#socketClosed());
    const { host, iceServers } = services;
    socket.send({ type: 'hello', version: SIGNAL_VERSION, fingerprint: host, nonce: this.#nonce, iceServers: iceServers() });
    this.#deadline.restart();
  }

  /** Ends the connection, whatever it is at. The first reason counts. */
  end(reason: CodedError): void {
    if (this.#ended) return;
    this.#ending.abort(reason);
    void this.#leave(reason);
  }

  /** A device was removed; ends the connection if it was this one. */
  deviceRemoved(): void {
    const { paired } = this.#services;
    if (this.#admitted === undefined || this.#identity === undefined) return;
    const { fingerprint, key } = this.#identity;
    // By the key too: the record may have got a newer certificate while this connection lasted.
    const known = paired.find(fingerprint) ?? (key === undefined ? undefined : paired.findByKey(key));
    if (known === undefined) this.end(new CodedError('device.removed', 'the operator removed this device'));
  }

  /** The story of one viewer, from the offer on. */
  async #tell(offer: Offer, peer: SessionPeer, identity: OfferedIdentity): Promise<void> {
    const answer = await peer.answer(offer.sdp);
    this.#socket.send({ type: 'answer', peer: 'session', sdp: answer.sdp });

    await peer.connected;
    await this.#recognise(peer, identity);

    const control = await peer.control;
    const admitted = await this.#shakeHands(control, identity);
    this.#ticket.release();
    this.#admitted = admitted;
    if (this.#ended) admitted.entered.leave();
    this.#ending.signal.throwIfAborted();
    const { profile } = admitted.entered;

    const session = await this.#open(admitted, answer, peer, control);
    if (admitted.launch !== undefined) await this.#launch(admitted.launch, session, admitted);
    control.send(
      encodeWelcome({
        abiVersion: ABI_VERSION,
        ...session.mode,
        compositor: 0,
        gamepad: 0,
        bitrateKbps: limitKbps(Math.round(peer.media?.stats().estimateKbps ?? 0), profile.session_defaults),
        resolvedProfile: profile.id,
      }),
    );
    session.begin();
    const send = (message: Uint8Array): void => control.send(message);
    for (;;) answerControl(await control.next(), session, profile.session_defaults, send, process.hrtime.bigint);
  }

  /** DTLS has the last word: the certificate must be the offer's. A device found by its key gets its new certificate recorded. */
  async #recognise(peer: SessionPeer, { fingerprint, known }: OfferedIdentity): Promise<void> {
    if (peer.remoteFingerprint() !== fingerprint) {
      throw new CodedError('session.transport', 'the connection shows another certificate than its offer');
    }
    if (known === undefined) return;
    if (known.fingerprint !== fingerprint) {
      const { paired, profiles, audit } = this.#services;
      await profiles.carryOver(known.fingerprint, fingerprint);
      await paired.renew(known.fingerprint, fingerprint);
      await profiles.leaveBehind(known.fingerprint);
      await audit.append({ event: 'device.renewed', principal: `device:${fingerprint}`, fields: { before: known.fingerprint } });
      this.#services.log.info({ device: shortFingerprint(fingerprint), name: known.name }, 'a device renewed its certificate');
    }
    this.#ticket.release();
  }

  #shakeHands(control: ControlLine, { fingerprint, key }: OfferedIdentity): Promise<Admitted> {
    const conversation = {
      next: () => control.next(),
      send: (message: Uint8Array) => control.send(message),
      quietly: <T>(promise: Promise<T>) => control.quietly(promise),
      restartDeadline: () => {
        if (!this.#ended) this.#deadline.restart();
      },
      stopDeadline: () => this.#deadline.stop(),
    };
    const visitor = { device: fingerprint, address: this.#address, key };
    return new Handshake(conversation, visitor, this.#services, this.#ending.signal, (reason) => this.end(reason)).run();
  }

  async #open(
    { device, entered, wish, wishKbps }: Admitted,
    answer: PeerAnswer,
    peer: SessionPeer,
    control: ControlLine,
  ): Promise<OpenSession> {
    if (answer.video === undefined || peer.media === undefined) throw new CodedError('session.no-codec', 'the viewer takes no picture');
    const session = await this.#services.sessions.open({
      device: device.fingerprint,
      deviceName: device.name,
      profile: entered.profile,
      assigned: entered.assigned,
      wish,
      wishKbps,
      codec: answer.video,
      audio: answer.audio,
      media: peer.media,
      showCursor: (cursor) => control.showCursor(cursor),
      modeChanged: (mode) => control.send(encodeReconfigured(mode)),
      ended: (reason) => this.end(reason),
    });
    if (this.#ended) session.close();
    this.#ending.signal.throwIfAborted();
    this.#session = session;
    entered.opened(session.id);
    if (!this.#services.profiles.exists(entered.profile.id)) {
      throw new CodedError('session.ended-by-operator', 'the operator removed the profile');
    }
    return session;
  }

  /** The title is there before the first picture is (rule C20). */
  async #launch(launch: Launch, session: OpenSession, { device, entered }: Admitted): Promise<void> {
    await session.launch(launch);
    this.#ending.signal.throwIfAborted();
    const { audit } = this.#services;
    const fields = { title: launch.title, session: session.id };
    await audit.append({ event: 'title.launched', principal: `device:${device.fingerprint}`, profile: entered.profile.id, fields });
  }

  #receive(message: string | Uint8Array): void {
    if (this.#ended) return;
    if (typeof message !== 'string') throw new CodedError('message.malformed', 'signalling is text');
    if (message.length > MAX_SIGNAL_MESSAGE) {
      throw new CodedError('frame.oversized', `a signalling message has at most ${MAX_SIGNAL_MESSAGE} characters`);
    }
    const signal = decodeViewerSignal(message);
    if (signal.type === 'candidate') this.#takeCandidate(signal);
    else if (signal.peer === 'session') this.#takeOffer(signal);
    else void this.#takeBulkOffer(signal);
  }

  #takeOffer(offer: Offer): void {
    if (this.#peer !== undefined) throw new CodedError('message.unexpected', 'a connection has one session');
    this.#deadline.restart();
    const { clock, host, paired, peers } = this.#services;
    const identity = identify(offer, { nonce: this.#nonce, host, paired });
    const peer = new SessionPeer(peers, clock, {
      candidate: (candidate, mid) => this.#socket.send({ type: 'candidate', peer: 'session', candidate, mid }),
      input: (label, message) => this.#guard(() => this.#takeInput(label, message)),
      problem: (reason) => this.end(reason),
    });
    this.#identity = identity;
    this.#peer = peer;
    this.#tell(offer, peer, identity).catch((error: unknown) => this.end(this.#coded(error)));
  }

  #takeCandidate({ peer, candidate, mid }: Candidate): void {
    this.#candidates += 1;
    if (this.#candidates > CANDIDATES_MAX) throw new CodedError('message.unexpected', 'too many candidates');
    if (peer === 'bulk') this.#bulk?.addCandidate(candidate, mid);
    else if (this.#peer === undefined) throw new CodedError('message.unexpected', 'a candidate before its offer');
    else this.#peer.addCandidate(candidate, mid);
  }

  /** Before Welcome there is nobody whose desktop could be operated. */
  #takeInput(label: InputLabel, message: Uint8Array): void {
    if (this.#session === undefined || this.#ended) return;
    takeInput(label, message, this.#session, (events) => this.#inputBudget.take(events, this.#services.clock.now()));
  }

  /** Refusing it leaves the session, and a bulk connection that exists, as they are. */
  async #takeBulkOffer(offer: Offer): Promise<void> {
    let bulk: BulkPeer | undefined;
    try {
      bulk = this.#newBulk();
      const sdp = await bulk.answer(offer.sdp);
      this.#socket.send({ type: 'answer', peer: 'bulk', sdp });
    } catch (error) {
      this.#refuseBulk(bulk, this.#coded(error));
    }
  }

  #newBulk(): BulkPeer {
    const { peers, clock, usb } = this.#services;
    const device = this.#identity?.fingerprint;
    const admitted = this.#admitted;
    if (this.#session === undefined || device === undefined || admitted === undefined) {
      throw new CodedError('message.unexpected', 'a bulk connection needs a running session');
    }
    this.#bulkOffers += 1;
    if (this.#bulk !== undefined || this.#bulkOffers > BULK_OFFERS_MAX) {
      throw new CodedError('message.unexpected', 'a session has one bulk connection');
    }
    this.#candidates = 0;
    const bulk: BulkPeer = new BulkPeer({
      device,
      peers,
      clock,
      onUsb: (channel) => usb.attach({ device, profile: admitted.entered.profile.id, name: admitted.device.name }, channel),
      onCandidate: (candidate, mid) => this.#socket.send({ type: 'candidate', peer: 'bulk', candidate, mid }),
      onGone: (reason) => this.#refuseBulk(bulk, reason),
    });
    this.#bulk = bulk;
    return bulk;
  }

  #refuseBulk(bulk: BulkPeer | undefined, reason: CodedError): void {
    bulk?.close();
    if (bulk === this.#bulk) this.#bulk = undefined;
    this.#services.log.info({ code: reason.code, reason: reason.message }, 'a bulk connection was refused');
    this.#socket.send({ type: 'refused', peer: 'bulk', ...toWire(inDeviceWords(reason)) });
  }

  /** A session that runs does without signalling; a handshake doesn't. */
  #socketClosed(): void {
    if (this.#peer?.isConnected !== true) {
      this.end(new CodedError('session.transport', 'the viewer closed signalling'));
    }
  }

  get #ended(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Runs a listener: what it throws ends this viewer and nobody else. */
  #guard(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.end(this.#coded(error));
    }
  }

  /** A failure that isn't coded is a bug of ours; the log has it, the viewer learns nothing. */
  #coded(error: unknown): CodedError {
    if (isCoded(error)) return error;
    this.#services.log.error({ err: error }, 'a connection failed');
    return new CodedError('internal', 'internal error');
  }

  async #leave(reason: CodedError): Promise<void> {
    this.#deadline.stop();
    this.#session?.close();
    this.#admitted?.entered.leave();
    this.#bulk?.close();
    const device = this.#identity === undefined ? undefined : shortFingerprint(this.#identity.fingerprint);
    this.#services.log.info({ device, code: reason.code, reason: reason.message }, 'a viewer left');
    const told = inDeviceWords(reason);
    const heard = (await this.#peer?.sayGoodbye(goodbye(told))) ?? false;
    if (!heard) this.#socket.send({ type: 'refused', ...toWire(told) });
    this.#peer?.close();
    this.#socket.close();
    this.#ticket.release();
    this.#resolveFinished();
  }
}

function goodbye(reason: CodedError): Uint8Array {
  if (reason instanceof ProfileRejected) return encodeProfileReject(reason.reject);
  return encodeSessionEnded({ wire: ERRORS[reason.code].wire, message: reason.message });
}
