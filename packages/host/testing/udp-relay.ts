import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

/** What a network does to the packets from host to viewer; those of the other direction are only delayed. */
export interface Impairment {
  /** Each way, in milliseconds. */
  readonly delayMs: number;
  /** Share of media packets that vanish, 0…1. Handshakes and channels are spared: they aren't what is tested. */
  readonly loss: number;
  /** A bottleneck, with a queue that holds `queueMs` of it and drops what comes on top; none where absent. */
  readonly bottleneck?: { readonly kbps: number; readonly queueMs: number };
}

/** Stands between a viewer and one candidate of the host on loopback, as a bad network. */
export class UdpRelay {
  /** Change it at any time. */
  impairment: Impairment;
  readonly counts = { forwarded: 0, lost: 0, overflowed: 0 };
  readonly #towardsViewer = createSocket('udp4');
  readonly #towardsHost = createSocket('udp4');
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #random: () => number;
  #viewer: RemoteInfo | undefined;
  /** When the bottleneck has sent all that waits, in milliseconds. */
  #busyUntil = 0;

  private constructor(impairment: Impairment, random: () => number) {
    this.impairment = impairment;
    this.#random = random;
  }

  /** @param candidate one of the host's; it must be on 127.0.0.1. */
  static async open(candidate: string, impairment: Impairment, random: () => number = Math.random): Promise<UdpRelay> {
    const port = Number(/ 127\.0\.0\.1 (\d+) typ /.exec(candidate)?.[1]);
    const relay = new UdpRelay(impairment, random);
    await Promise.all([listen(relay.#towardsViewer), listen(relay.#towardsHost)]);
    relay.#towardsViewer.on('message', (packet, from) => {
      relay.#viewer = from;
      relay.#later(relay.impairment.delayMs, () => relay.#towardsHost.send(packet, port, '127.0.0.1'));
    });
    relay.#towardsHost.on('message', (packet) => relay.#toViewer(packet));
    return relay;
  }

  /** The candidate with the relay's address in place of the host's. */
  candidate(candidate: string): string {
    return candidate.replace(/ 127\.0\.0\.1 \d+ typ /, ` 127.0.0.1 ${this.#towardsViewer.address().port} typ `);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#towardsViewer.close();
    this.#towardsHost.close();
  }

  #toViewer(packet: Buffer): void {
    const viewer = this.#viewer;
    if (viewer === undefined) return;
    const { loss, delayMs } = this.impairment;
    if (isMedia(packet) && this.#random() < loss) {
      this.counts.lost += 1;
      return;
    }
    const queuedMs = this.#enqueue(packet.length);
    if (queuedMs === undefined) {
      this.counts.overflowed += 1;
      return;
    }
    this.counts.forwarded += 1;
    this.#later(delayMs + queuedMs, () => this.#towardsViewer.send(packet, viewer.port, viewer.address));
  }

  /** How long the bottleneck keeps the packet; undefined where its queue is full. */
  #enqueue(bytes: number): number | undefined {
    const { bottleneck } = this.impairment;
    if (bottleneck === undefined) return 0;
    const now = performance.now();
    this.#busyUntil = Math.max(this.#busyUntil, now);
    if (this.#busyUntil - now > bottleneck.queueMs) return undefined;
    this.#busyUntil += (bytes * 8) / bottleneck.kbps;
    return this.#busyUntil - now;
  }

  #later(milliseconds: number, task: () => void): void {
    if (milliseconds === 0) {
      task();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, milliseconds);
    this.#timers.add(timer);
  }
}

function listen(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', resolve);
  });
}

/** RFC 7983: the first byte of SRTP and SRTCP is 128 to 191. */
function isMedia(packet: Buffer): boolean {
  const first = packet[0] ?? 0;
  return first >= 128 && first < 192;
}
