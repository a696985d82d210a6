import { decodeHostMessage, encodeWorkerMessage, type HostMessage, type InputEvent, InputKind, type WorkerMessage } from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeChildren } from '../../testing/fake-child.ts';
import { settled } from '../../testing/fake-clock.ts';
import { picture } from '../../testing/fake-worker.ts';
import { type WorkerLink, workerStarter } from './worker-link.ts';

let children: FakeChildren;
let link: WorkerLink;
let heard: WorkerMessage[];
let problems: string[];

beforeEach(() => {
  children = new FakeChildren();
  heard = [];
  problems = [];
  link = workerStarter(children.start)({ message: (message) => heard.push(message), ended: (problem) => problems.push(problem) });
});

const event = (kind: InputKind): InputEvent => ({
  kind,
  code: 1,
  x: 5,
  y: 5,
  flags: kind === InputKind.PointerMoveTo ? (10 << 16) | 10 : 0,
});
const input = (...kinds: InputKind[]): HostMessage => ({ type: 'input', viewer: 1, events: kinds.map(event) });
const received = () => children.latest.received.map(decodeHostMessage);

describe('the relay', () => {
  it('W1: carries messages both ways', async () => {
    link.send({ type: 'viewer-gone', viewer: 7 });
    children.latest.say(encodeWorkerMessage(picture()));
    await settled();
    expect(received()).toEqual([{ type: 'viewer-gone', viewer: 7 }]);
    expect(heard).toEqual([picture()]);
  });

  it('W2: noise from a worker ends that worker, and nothing of it is heard any more', async () => {
    children.latest.say(Uint8Array.of(0x99));
    children.latest.say(encodeWorkerMessage(picture()));
    await settled();
    expect(children.latest.killed).toBe(true);
    expect(heard).toEqual([]);
    expect(problems).toEqual(['it sent noise: relay: unknown worker message 0x99']);
  });

  it('W7: to a worker that doesn’t keep up, motion is left out and keys still go', () => {
    children.latest.queued = 64 * 1024 + 1;
    link.send(input(InputKind.PointerMoveTo, InputKind.KeyDown, InputKind.PointerMoveBy));
    link.send(input(InputKind.PointerMoveBy));
    link.send({ type: 'viewer-gone', viewer: 1 });
    expect(received()).toEqual([input(InputKind.KeyDown), { type: 'viewer-gone', viewer: 1 }]);
  });

  it('W7: a worker that has stopped reading is lost', async () => {
    children.latest.queued = 1024 * 1024 + 1;
    link.send(input(InputKind.KeyDown));
    await settled();
    expect(received()).toEqual([]);
    expect(problems).toEqual(['it stopped reading']);
  });

  it('design §1: a worker that ends tells why', async () => {
    children.latest.end('it ended with code 1');
    await settled();
    expect(problems).toEqual(['it ended with code 1']);
  });

  it('design §6: a worker is stopped by the end of its stdin', async () => {
    await link.stop();
    expect(children.latest.stopped).toBe(true);
    expect(children.latest.killed).toBe(false);
  });
});
