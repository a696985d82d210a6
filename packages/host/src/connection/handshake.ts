import { cleanDeviceName, isPlausibleMode, limitKbps, limitMode } from '@usher/domain';
import {
  ABI_VERSION,
  CodedError,
  decodeHello,
  decodeListProfiles,
  decodePairProof,
  decodePairRequest,
  decodeProfileUnlock,
  encodeKnockPending,
  encodePairChallenge,
  encodePairResult,
  encodeProfileList,
  type Fingerprint,
  type Hello,
  HelloCaps,
  MessageType,
  type Mode,
  messageKind,
  type ProfileEntry,
  utf8,
} from '@usher/protocol';
import type { Clock } from '../clock.ts';
import { type Launch, launchable } from '../library/launchable.ts';
import type { Library } from '../library/library.ts';
import type { KnockDoor, KnockOutcome } from '../pairing/knocks.ts';
import type { PairingCeremonies } from '../pairing/pairing-window.ts';
import type { AuditLog } from '../profile-services.ts';
import type { Entered } from '../profiles/entrance.ts';
import type { ProfileDoor } from '../profiles/profiles.ts';
import type { PairedDevice, PairedDevices } from '../services.ts';

/** What the handshake needs of the connection that it is held over. */
export interface Conversation {
  next(): Promise<Uint8Array>;
  send(message: Uint8Array): void;
  /** While the promise is pending, a message of the viewer is an error. */
  quietly<T>(promise: Promise<T>): Promise<T>;
  /** From here the viewer has its ten seconds again. */
  restartDeadline(): void;
  /** The viewer has done its part; it isn't measured by the clock any more. */
  stopDeadline(): void;
}

/** Who speaks, as DTLS proved it. */
export interface Visitor {
  readonly device: Fingerprint;
  readonly address: string;
  readonly key: string | undefined;
}

export interface HandshakeServices {
  readonly clock: Clock;
  readonly paired: PairedDevices;
  readonly pairing: PairingCeremonies;
  readonly knocks: KnockDoor;
  readonly profiles: Pick<ProfileDoor, 'rosterFor' | 'enter' | 'exists' | 'carryOver' | 'leaveBehind'>;
  readonly library: Library;
  readonly audit: Pick<AuditLog, 'append'>;
}

/** A viewer that is let in, and what it wants to see. */
export interface Admitted {
  readonly device: PairedDevice;
  /** The seat that it was given; to be left. */
  readonly entered: Entered;
  /** Within what a desktop can be opened in, and what the profile allows. */
  readonly wish: Mode;
  /** The most that the viewer wants, kilobits a second; 0 leaves it to the host. */
  readonly wishKbps: number;
  /** What the session is to begin with. */
  readonly launch?: Launch;
}

/** Questions before Hello: a picker asks once or twice. */
const LISTS_MAX = 8;
/** What ProfileList carries of an avatar, in bytes. */
const AVATAR_MAX = 64;

/**
 * One handshake on `control`, from the first message to the Hello that is let in (requirements P3.3, P5.3): PairRequest and
 * ListProfiles as often as they make sense, then Hello. Holds no transport. Whatever is refused throws its `CodedError`.
 */
export class Handshake {
  readonly #conversation: Conversation;
  readonly #visitor: Visitor;
  readonly #services: HandshakeServices;
  readonly #signal: AbortSignal;
  readonly #takenOver: (reason: CodedError) => void;
  #mayPair = true;
  #lists = 0;

  /** `signal` ends the wait of a knock when the viewer has gone; `takenOver` ends the session that the handshake led to. */
  constructor(
    conversation: Conversation,
    visitor: Visitor,
    services: HandshakeServices,
    signal: AbortSignal,
    takenOver: (reason: CodedError) => void,
  ) {
    this.#takenOver = takenOver;
    this.#conversation = conversation;
    this.#visitor = visitor;
    this.#services = services;
    this.#signal = signal;
  }

  async run(): Promise<Admitted> {
    for (;;) {
      const message = await this.#conversation.next();
      const kind = messageKind(message);
      if (kind === 'positional') return this.#greet(message);
      if (kind === MessageType.PairRequest) await this.#pair(message);
      else if (kind === MessageType.ListProfiles) this.#listProfiles(message);
      else throw new CodedError('message.unexpected', 'a connection begins with PairRequest, ListProfiles or Hello');
    }
  }

  /** SPAKE2 over the PIN (requirement P9.1). Once a connection: a second PairRequest on it is unexpected. */
  async #pair(message: Uint8Array): Promise<void> {
    if (!this.#mayPair) throw new CodedError('message.unexpected', 'this connection has paired already');
    this.#mayPair = false;
    const { pairing, paired, knocks, clock } = this.#services;
    const { device, key } = this.#visitor;
    const request = decodePairRequest(message);
    const ceremony = pairing.begin(request, device);
    this.#conversation.send(encodePairChallenge(ceremony.challenge));
    if (!ceremony.accepts(decodePairProof(await this.#conversation.next()))) {
      await this.#tell('pairing.wrong-pin');
      throw new CodedError('pairing.wrong-pin', 'the PIN is wrong');
    }
    // A device that is paired already may prove it again: the viewer may have forgotten the host.
    if (paired.find(device) === undefined) {
      const name = cleanDeviceName(request.name, device);
      await paired.add({ fingerprint: device, name, pairedUnix: clock.unix(), ...(key === undefined ? {} : { key }) });
      await this.#tell('device.paired', { name, by: 'pin' });
    }
    knocks.settle(device);
    this.#conversation.send(encodePairResult(true));
    this.#conversation.restartDeadline();
  }

  /** A stranger learns nothing (requirement P3.4). */
  #listProfiles(message: Uint8Array): void {
    decodeListProfiles(message);
    this.#lists += 1;
    if (this.#lists > LISTS_MAX) throw new CodedError('message.unexpected', 'the profiles were listed often enough');
    const entries = this.#paired() === undefined ? [] : this.#services.profiles.rosterFor(this.#visitor.device);
    this.#conversation.send(encodeProfileList(entries.map(forTheWire)));
  }

  async #greet(message: Uint8Array): Promise<Admitted> {
    const hello = readHello(message);
    // The host never waits for a passcode that wasn't announced (rule C6).
    const unlock = (hello.caps & HelloCaps.UnlockFollows) === 0 ? undefined : await this.#conversation.next();
    const wipe = (): void => void unlock?.fill(0);
    // Also where the viewer leaves while it waits at the door, which never ends by itself (requirement P2.4).
    this.#signal.addEventListener('abort', wipe, { once: true });
    try {
      const passcode = unlock === undefined ? undefined : decodeProfileUnlock(unlock);
      this.#conversation.stopDeadline();
      return await this.#admit(hello, passcode);
    } finally {
      wipe();
      this.#signal.removeEventListener('abort', wipe);
    }
  }

  /** Paired? Then the profile; nothing is opened before both have said yes (requirement P3.3). */
  async #admit(hello: Hello, passcode: Uint8Array | undefined): Promise<Admitted> {
    const device = this.#paired() ?? (await this.#knock(hello));
    const entered = await this.#services.profiles.enter({
      device: this.#visitor.device,
      deviceName: device.name,
      requested: hello.profileId,
      passcode,
      takenOver: this.#takenOver,
    });
    const { session_defaults: limits } = entered.profile;
    const admitted = { device, entered, wish: limitMode(hello, limits), wishKbps: limitKbps(hello.bitrateKbps, limits) };
    if (hello.launch === undefined) return admitted;
    try {
      return { ...admitted, launch: await launchable(this.#services.library, entered.profile, hello.launch) };
    } catch (error) {
      entered.leave();
      throw error;
    }
  }

  /** Waits at the door until the operator has decided. */
  async #knock(hello: Hello): Promise<PairedDevice> {
    const { device, address, key } = this.#visitor;
    const applicant = { device, address, name: cleanDeviceName(hello.name ?? '', device), ...(key === undefined ? {} : { key }) };
    const decision = new Promise<KnockOutcome>((resolve) => {
      const { seconds, leave } = this.#services.knocks.knock(applicant, resolve);
      this.#signal.addEventListener('abort', leave, { once: true });
      this.#conversation.send(encodeKnockPending(seconds));
    });
    const outcome = await this.#conversation.quietly(decision);
    switch (outcome) {
      case 'approved':
        return this.#approved();
      case 'denied':
        throw new CodedError('device.denied', 'the operator said no');
      case 'expired':
        throw new CodedError('device.knock-expired', 'nobody answered; try again when the operator is there');
      case 'superseded':
        throw new CodedError('device.knock-expired', 'this device knocked again over another connection');
      default:
        return outcome satisfies never;
    }
  }

  #approved(): PairedDevice {
    const device = this.#paired();
    if (device === undefined) throw new CodedError('device.removed', 'the device was removed');
    return device;
  }

  #paired(): PairedDevice | undefined {
    return this.#services.paired.find(this.#visitor.device);
  }

  #tell(event: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    return this.#services.audit.append({ event, principal: `device:${this.#visitor.device}`, fields });
  }
}

function readHello(message: Uint8Array): Hello {
  const hello = decodeHello(message);
  if (hello.abiVersion !== ABI_VERSION) {
    throw new CodedError('message.unexpected', `this viewer speaks version ${hello.abiVersion} of the protocol, the host ${ABI_VERSION}`);
  }
  if (!isPlausibleMode(hello)) throw new CodedError('message.malformed', `${hello.width} × ${hello.height} is no picture size`);
  return hello;
}

/** Pictures don't fit into a ProfileList; half an address would be none, so it is left out. */
function forTheWire(entry: ProfileEntry): ProfileEntry {
  return utf8(entry.avatar).length > AVATAR_MAX ? { ...entry, avatar: '' } : entry;
}
