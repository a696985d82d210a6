import { describe, expect, it } from 'vitest';
import { channelPair } from '../testing/channel-pair.ts';
import { fromHex, toHex } from './bytes.ts';

/** Lets everything that was queued happen. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('channelPair', () => {
  it('carries whole messages in order, in both directions, never inside the call that sends', async () => {
    const [viewer, host] = channelPair();
    const heard: string[] = [];
    host.onMessage((message) => heard.push(toHex(message)));
    viewer.send(fromHex('01'));
    viewer.send(fromHex('0203'));
    expect(heard).toEqual([]);
    await turn();
    expect(heard).toEqual(['01', '0203']);
    host.send(fromHex('04'));
    await turn();
    expect(viewer.received.map(toHex)).toEqual(['04']);
  });

  it('copies: a sender that wipes its message afterwards does not wipe the one that travels', async () => {
    const [viewer, host] = channelPair();
    const message = fromHex('aa');
    viewer.send(message);
    message.fill(0);
    await turn();
    expect(host.received.map(toHex)).toEqual(['aa']);
  });

  it('ends on both sides, once, after what was sent before', async () => {
    const [viewer, host] = channelPair();
    const events: string[] = [];
    host.onMessage((message) => events.push(toHex(message)));
    host.onClosed(() => events.push('host closed'));
    viewer.onClosed(() => events.push('viewer closed'));
    viewer.send(fromHex('01'));
    viewer.close();
    viewer.close();
    host.close();
    expect(viewer.send(fromHex('02'))).toBe(false);
    await turn();
    expect(events.toSorted()).toEqual(['host closed', 'viewer closed']);
    expect([viewer.isClosed, host.isClosed]).toEqual([true, true]);
  });

  it('delivers what was sent before the other side hears of the end', async () => {
    const [viewer, host] = channelPair();
    const events: string[] = [];
    host.onMessage((message) => events.push(toHex(message)));
    host.onClosed(() => events.push('closed'));
    viewer.send(fromHex('01'));
    viewer.close();
    await turn();
    expect(events).toEqual(['01', 'closed']);
  });
});
