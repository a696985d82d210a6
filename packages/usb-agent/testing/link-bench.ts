import { randomBytes } from 'node:crypto';
import type { Acl } from '@usher/domain';
import {
  type AgentMethod,
  decodeFrame,
  encodeFrame,
  type FromAgent,
  fingerprint,
  OPERATOR,
  type Op,
  tryUtf8,
  type UsbAuditRow,
  utf8,
} from '@usher/protocol';
import { ClaimTable, type UsbBackend } from '@usher/usb';
import { ManualClock, settle } from '@usher/usb/testing';
import { AclStore } from '../src/acl-store.ts';
import { SimBackend } from '../src/backends/sim/sim-backend.ts';
import { HotplugLog } from '../src/hotplug-log.ts';
import { LinkServer } from '../src/link-server.ts';
import { MemoryAclFile } from './memory-acl-file.ts';

export const LAPTOP = fingerprint('a'.repeat(64));
export const PHONE = fingerprint('b'.repeat(64));
/** Turns of the event loop until an answer is missed: nothing here waits for anything but promises and short timers. */
const TURNS_MAX = 500;
const ALLOW_ALL: Acl = { default: 'allow', rules: [] };

/** A link server over simulated devices, as its host sees it: messages in, messages out. */
export class LinkBench {
  readonly sent: FromAgent[] = [];
  readonly audited: UsbAuditRow[] = [];
  readonly clock = new ManualClock();
  readonly server: LinkServer;
  readonly claims: ClaimTable;
  /** Set to keep the host from taking anything. */
  gate: Promise<void> = Promise.resolve();

  readonly store: AclStore;

  private constructor(backend: UsbBackend, store: AclStore) {
    const { clock } = this;
    this.store = store;
    this.claims = new ClaimTable({ clock, random: (length) => randomBytes(length) });
    this.server = new LinkServer({
      backend,
      claims: this.claims,
      store,
      hotplug: new HotplugLog(),
      clock,
      send: (message) => {
        this.sent.push(message);
        return this.gate;
      },
      log: (row) => this.audited.push(row),
    });
  }

  /** `acl` is what holds without a file. */
  static async start(acl: Acl = ALLOW_ALL, backend: UsbBackend = new SimBackend()): Promise<LinkBench> {
    return new LinkBench(backend, await AclStore.load(new MemoryAclFile(), acl));
  }

  /** With these rules in a file, as an operator has written them. */
  static async withRules(acl: Acl, backend: UsbBackend = new SimBackend()): Promise<LinkBench> {
    const file = new MemoryAclFile();
    await file.save(acl);
    return new LinkBench(backend, await AclStore.load(file, ALLOW_ALL));
  }

  /** Questions that came since the last look. */
  async asked(): Promise<readonly (FromAgent & { type: 'prompt' })[]> {
    await settle();
    const questions = this.sent.filter((message) => message.type === 'prompt');
    this.sent.splice(0, this.sent.length, ...this.sent.filter((message) => message.type !== 'prompt'));
    return questions;
  }

  /** Why questions ended, as `id reason`. */
  get withdrawn(): readonly string[] {
    return this.sent.filter((message) => message.type === 'prompt-withdrawn').map(({ id, reason }) => `${id} ${reason}`);
  }

  attach(link: number, device = LAPTOP, profile = OPERATOR): void {
    this.server.receive({ type: 'attach', link, device, profile, viewerName: 'Laptop' });
  }

  say(link: number, op: Op, claim: number, body: unknown = ''): void {
    const payload = utf8(typeof body === 'string' ? body : JSON.stringify(body));
    this.server.receive({ type: 'frame', link, frame: encodeFrame({ op, flags: 0, claim, payload }) });
  }

  /** What a link was told since the last look, as `op claim body`. */
  async heard(link: number): Promise<readonly string[]> {
    await settle();
    const frames = this.sent.filter((message) => message.type === 'frame').filter((message) => message.link === link);
    this.sent.splice(0, this.sent.length, ...this.sent.filter((message) => !(message.type === 'frame' && message.link === link)));
    return frames.map((message) => decodeFrame(message.frame)).map(({ op, claim, payload }) => `${op} ${claim} ${tryUtf8(payload)}`);
  }

  /** What a request is answered with, or how it failed. */
  async ask(method: AgentMethod, params: unknown = {}): Promise<unknown> {
    this.server.receive({ type: 'request', id: 1, method, params });
    const isAnswer = (message: FromAgent) => message.type === 'reply' || message.type === 'failed-reply';
    for (let turn = 0; turn < TURNS_MAX && !this.sent.some(isAnswer); turn += 1) await settle();
    const answer = this.sent.find(isAnswer);
    this.sent.splice(0, this.sent.length, ...this.sent.filter((message) => message !== answer));
    return answer?.type === 'reply' ? answer.result : answer;
  }
}
