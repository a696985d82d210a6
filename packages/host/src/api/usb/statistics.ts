import { CodedError, fingerprint, LOOPBACK_VIEWER, OPERATOR, profileId } from '@usher/protocol';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { Profiles } from '../../profile-services.ts';
import type { PairedDevices, SessionInfo, Sessions } from '../../services.ts';
import type { AgentQuestions } from './agent-questions.ts';

/** Two consoles that ask at nearly the same time see the same rates: over a shorter time they would be noise. */
const SHORTEST_MS = 500;

const count = z.int().min(0);
const claims = z.array(
  z.object({
    claim: count,
    viewer: z.string(),
    held: z.boolean(),
    protocol: z.enum(['base', 'v2']),
    vendor_id: z.string(),
    product_id: z.string(),
    serial: z.string().nullable(),
    product: z.string().nullable(),
    bus_location: z.string(),
    open_ms: count,
    transfers: count,
    bytes_in: count,
    bytes_out: count,
    errors: count,
    in_flight: count,
  }),
);
const links = z.array(
  z.object({
    link: count,
    viewer: z.string(),
    viewer_name: z.string(),
    profile: z.string(),
    bytes_from_viewer: count,
    bytes_to_viewer: count,
    waiting_frames: count,
  }),
);
/** What the agent answers (rule A9). */
const agentStatistics = z.object({ claims, links, prompts: count });
type ClaimRow = z.output<typeof claims>[number];
type LinkRow = z.output<typeof links>[number];

interface Measured {
  readonly row: ClaimRow;
  readonly bytesInPerSecond: number;
  readonly bytesOutPerSecond: number;
  /** What the next rates are counted from. */
  readonly since: { readonly atMs: number; readonly bytesIn: number; readonly bytesOut: number };
}

export interface UsbStatisticsParts {
  readonly agent: AgentQuestions;
  readonly sessions: Pick<Sessions, 'list'>;
  readonly paired: Pick<PairedDevices, 'find'>;
  readonly profiles: Pick<Profiles, 'get'>;
  readonly clock: Clock;
}

/** Who moves how much through which device, and over what kind of line (U5.5). */
export class UsbStatistics {
  readonly #parts: UsbStatisticsParts;
  /** The claims that were alive when somebody asked last: as many as the agent has. */
  #before: ReadonlyMap<number, Measured> = new Map();

  constructor(parts: UsbStatisticsParts) {
    this.#parts = parts;
  }

  async now() {
    const answer = await this.#parts.agent.ask('stats', {}, agentStatistics);
    const viewers = new Map(answer.links.map((link) => [link.viewer, link]));
    const measured = answer.claims.map((row) => this.#measure(row));
    this.#before = new Map(measured.map((one) => [one.row.claim, one]));
    return {
      claims: measured.map(({ row, bytesInPerSecond, bytesOutPerSecond }) => ({
        ...row,
        ...this.#holder(row.viewer, viewers.get(row.viewer)),
        bytes_in_per_second: bytesInPerSecond,
        bytes_out_per_second: bytesOutPerSecond,
      })),
      viewers: answer.links.map(({ link: _link, ...row }) => ({
        ...row,
        profile_name: profileName(this.#parts.profiles, row.profile),
        ...lineOf(this.#parts.sessions.list(), row.viewer),
      })),
      prompts: answer.prompts,
    };
  }

  /** The operator takes a device back. @throws CodedError `api.not-found`. */
  async end(claim: number): Promise<void> {
    const { ended } = await this.#parts.agent.ask('claims.end', { claim }, z.object({ ended: z.boolean() }));
    if (!ended) throw new CodedError('api.not-found', 'this device has been given back already');
  }

  /** A viewer that is away has no link: its claim waits for it, and its name is the one that it was paired under. */
  #holder(viewer: string, link: LinkRow | undefined) {
    const { paired, profiles } = this.#parts;
    if (viewer === LOOPBACK_VIEWER) return { viewer_name: '', profile: OPERATOR, profile_name: profileName(profiles, OPERATOR) };
    if (link !== undefined)
      return { viewer_name: link.viewer_name, profile: link.profile, profile_name: profileName(profiles, link.profile) };
    return { viewer_name: paired.find(fingerprint(viewer))?.name ?? '', profile: null, profile_name: '' };
  }

  #measure(row: ClaimRow): Measured {
    const now = { atMs: this.#parts.clock.now(), bytesIn: row.bytes_in, bytesOut: row.bytes_out };
    const before = this.#before.get(row.claim);
    const isSame = before !== undefined && before.row.viewer === row.viewer && before.row.open_ms <= row.open_ms;
    if (!isSame) return { row, bytesInPerSecond: 0, bytesOutPerSecond: 0, since: now };
    const { since } = before;
    const elapsedMs = now.atMs - since.atMs;
    if (elapsedMs < SHORTEST_MS) return { ...before, row };
    const perSecond = (bytes: number) => Math.max(0, Math.round((bytes * 1000) / elapsedMs));
    return {
      row,
      bytesInPerSecond: perSecond(now.bytesIn - since.bytesIn),
      bytesOutPerSecond: perSecond(now.bytesOut - since.bytesOut),
      since: now,
    };
  }
}

/** Of the viewer's session: its USB connection takes the same way. */
function lineOf(sessions: readonly SessionInfo[], viewer: string): { readonly rtt_ms?: number; readonly loss?: number } {
  const session = sessions.find(({ device }) => device === viewer);
  return {
    ...(session?.rttMs === undefined ? {} : { rtt_ms: session.rttMs }),
    ...(session?.lossFraction === undefined ? {} : { loss: session.lossFraction }),
  };
}

/** What people call a profile; its id where it is gone. */
export function profileName(profiles: Pick<Profiles, 'get'>, id: string): string {
  if (id === OPERATOR) return 'Host';
  return profiles.get(profileId(id))?.display_name ?? id;
}
