import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Fingerprint, WireError } from '@usher/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { OsAccounts } from '../accounts/os-accounts.ts';
import type { AskEligibility } from '../broker/eligibility.ts';
import type { Clock } from '../clock.ts';
import type { Library } from '../library/library.ts';
import type { Logger } from '../log.ts';
import type { AuditLog, Profiles } from '../profile-services.ts';
import type { Knocks, PairedDevices, PairingWindow, Sessions, UsbAgent } from '../services.ts';
import type { BearerToken } from '../store/token.ts';
import type { LocalSockets } from './local-socket.ts';

/** Everything that the routes speak for; `host.ts` builds the real things, tests hand in fakes. */
export interface ApiParts {
  readonly paired: PairedDevices;
  readonly pairing: PairingWindow;
  readonly knocks: Knocks;
  readonly sessions: Sessions;
  readonly usb: UsbAgent;
  readonly profiles: Profiles;
  readonly accounts: OsAccounts;
  /** What root says to them. */
  readonly eligibility: AskEligibility;
  readonly library: Library;
  readonly audit: AuditLog;
  readonly signalling: Signalling;
  /** Which requests came by the local socket. */
  readonly local: LocalSockets;
  readonly host: HostFacts;
  readonly token: BearerToken;
  /** PEM; HTTPS only, whatever stands in front. */
  readonly tls: { readonly certificate: string; readonly key: string };
  /** The directory of the built pages; it may be missing. */
  readonly webRoot: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What the host says about itself. */
interface HostFacts {
  readonly version: string;
  readonly name: string;
  readonly fingerprint: Fingerprint;
  /** Whether a profile gets a desktop of its own, apart from the operator's (requirement P5.6). */
  isolatingProfiles(): boolean;
  /** What shows the operator's desktop: `xvfb`, or `x11` for one that was there. */
  readonly backend: string;
  /** Known once the host listens. */
  url(): string;
  /** What the operator has to mend; empty where all is well. */
  problems(): readonly WireError[];
}

/** Takes over a WebSocket upgrade of `/signal` whose Host and Origin have been checked (rule S1). */
interface Signalling {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export type Api = FastifyInstance<Server, IncomingMessage, ServerResponse, Logger, ZodTypeProvider>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call a route; `device` is a paired device or the operator. A route without the word doesn't register: nothing is open by oversight. */
    access?: 'public' | 'device' | 'bearer';
  }
  interface FastifyRequest {
    /** The paired device that calls; undefined for everybody else. */
    device: Fingerprint | undefined;
  }
}
