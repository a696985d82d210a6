import { CodedError, Op } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { fakeDevice, neverAnswers } from '../testing/fake-backend.ts';
import { answers, bench, settle } from '../testing/provider-bench.ts';

const READ = { endpoint: 0x81, direction: 'in', length: 3 };
const OK = '{"ok": true, "data": "AAEC"}';

describe('RESUME', () => {
  it('U1.8: brings the claim back on another channel of the same viewer, with a new token', async () => {
    const { provider, viewer } = bench();
    const { claim, token } = await viewer.open();
    viewer.provider.detach();
    const again = provider.attach();
    again.send(Op.Resume, 0, { resume_token: token });
    const answer = await again.next();
    expect(answer).toMatch(/^Opened 1 \{"ok": true, "claim_id": 1, "resume_token": "[0-9a-f]{32}"\}$/);
    expect(answer).not.toContain(token);
    again.send(Op.Bulk, claim, READ);
    expect(await again.next()).toBe(`Bulk 1 ${OK}`);
    expect(provider.audited.at(-1)).toMatchObject({ event: 'usb_resume', claim: 1 });
  });

  it('U1.8: a token works once', async () => {
    const { provider, viewer } = bench();
    const { token } = await viewer.open();
    viewer.provider.detach();
    const again = provider.attach();
    again.send(Op.Resume, 0, { resume_token: token });
    again.send(Op.Resume, 0, { resume_token: token });
    expect((await answers(again)).at(1)).toBe('Opened 0 {"ok": false, "error": "unknown or expired resume token"}');
    expect(provider.audited.at(-1)).toEqual({ event: 'usb_resume_denied' });
  });

  it('U1.8: another viewer’s token is unknown, and stays good for its owner', async () => {
    const { provider, viewer } = bench();
    const { token } = await viewer.open();
    viewer.provider.detach();
    const thief = provider.attach('viewer-2');
    thief.send(Op.Resume, 0, { resume_token: token });
    expect(await thief.next()).toBe('Opened 0 {"ok": false, "error": "unknown or expired resume token"}');
    const owner = provider.attach();
    owner.send(Op.Resume, 0, { resume_token: token });
    expect(await owner.next()).toContain('"ok": true');
  });

  it('U1.8: a token expires with the grace time, and the device is given back then', async () => {
    const { backend, provider, viewer } = bench();
    const { token } = await viewer.open();
    viewer.provider.detach();
    provider.clock.advance(29_999);
    await settle();
    expect(backend.openHandles).toBe(1);
    provider.clock.advance(1);
    await settle();
    expect(backend.openHandles).toBe(0);
    const again = provider.attach();
    again.send(Op.Resume, 0, { resume_token: token });
    expect(await again.next()).toBe('Opened 0 {"ok": false, "error": "unknown or expired resume token"}');
    expect(provider.clock.waiting).toBe(0);
  });

  it('U1.8: the device is given back after the grace time also where closing it fails', async () => {
    const { backend, provider, viewer } = bench();
    await viewer.open();
    viewer.provider.detach();
    backend.failing = { close: new CodedError('usb.transfer-failed', 'stuck') };
    provider.clock.advance(30_000);
    await settle();
    expect([provider.claims.all(), backend.openHandles]).toEqual([[], 0]);
  });

  it.each([
    ['a reply', 3, 1],
    ['the first part of a reply', 40_000, 1],
  ])('U1.8: a channel that is lost while %s goes out gets nothing more', async (_name, length, frames) => {
    const { viewer } = bench();
    const { claim } = await viewer.open();
    let release: () => void = () => undefined;
    viewer.gate = new Promise((resolve) => {
      release = resolve;
    });
    viewer.send(Op.Bulk, claim, { ...READ, length });
    await settle();
    viewer.provider.detach();
    release();
    await settle();
    expect(viewer.frames).toHaveLength(frames);
  });

  it('U1.8: transfers that were under way end, and their late ends bother nobody', async () => {
    let aborted = false;
    const { provider, viewer } = bench(
      fakeDevice({
        transfer: (request, signal) => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
          return request.length === 3 ? neverAnswers(request, signal) : Promise.resolve(new Uint8Array(request.length));
        },
      }),
    );
    const { claim, token } = await viewer.open();
    viewer.send(Op.Bulk, claim, READ);
    viewer.send(Op.Bulk, claim, READ);
    await settle();
    viewer.provider.detach();
    expect(aborted).toBe(true);
    const again = provider.attach();
    again.send(Op.Resume, 0, { resume_token: token });
    await again.next();
    for (let request = 0; request < 16; request += 1) again.send(Op.Bulk, claim, { ...READ, length: 1 });
    expect(await answers(again)).toEqual(new Array(16).fill('Bulk 1 {"ok": true, "data": "AA=="}'));
    expect(await answers(viewer)).toEqual([]);
  });

  it('U1.8: a claim may move while its old channel still seems alive, which is then told', async () => {
    const { provider, viewer } = bench();
    const { claim, token } = await viewer.open();
    const again = provider.attach();
    again.send(Op.Resume, 0, { resume_token: token });
    expect(await again.next()).toContain('"ok": true');
    expect(await viewer.next()).toBe('Closed 1 {"ok": false, "error": "the claim was resumed on another connection [usb.closed]"}');
    viewer.send(Op.Bulk, claim, READ);
    expect(await viewer.next()).toBe('Error 1 {"error": "unknown claim_id 1"}');
  });

  it('U1.8: on the same channel it starts the claim’s counting again', async () => {
    const { viewer } = bench(fakeDevice({ transfer: neverAnswers }));
    const { claim, token } = await viewer.open();
    for (let request = 0; request < 16; request += 1) viewer.send(Op.Bulk, claim, READ);
    await settle();
    viewer.send(Op.Resume, 0, { resume_token: token });
    expect(await answers(viewer)).toHaveLength(1);
    viewer.send(Op.Bulk, claim, READ);
    expect(await answers(viewer)).toEqual([]);
  });

  it.each(['nonsense', '{}'])('U1.5: the RESUME %j is refused', async (body) => {
    const { viewer } = bench();
    viewer.send(Op.Resume, 0, body);
    expect(await viewer.next()).toMatch(/^Opened 0 \{"ok": false, "error": "bad RESUME payload: /);
  });

  it('design §5: a viewer that comes back without its token opens its waiting device again', async () => {
    const { backend, provider, viewer } = bench();
    await viewer.open();
    viewer.provider.detach();
    const stranger = provider.attach('viewer-2');
    stranger.send(Op.Open, 0, { vendor_id: '1209', product_id: '0001' });
    expect(await stranger.next()).toContain('usb.device-busy');
    expect((await provider.attach().open()).claim).toBe(2);
    expect(backend.openHandles).toBe(1);
    expect(provider.clock.waiting).toBe(0);
  });
});
