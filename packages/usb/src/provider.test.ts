import { CodedError, Op, utf8 } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeBackend, fakeDevice } from '../testing/fake-backend.ts';
import { ALLOW_ALL, answers, bench, ProviderBench, settle } from '../testing/provider-bench.ts';

const READ = { endpoint: 0x81, direction: 'in', length: 3 };
const GET_DESCRIPTOR = { bm_request_type: 0x80, b_request: 6, w_value: 0x0100, length: 4 };

describe('LIST', () => {
  it('U1.3: shows every device that is not denied, as AutoControl spells it', async () => {
    const { viewer } = bench(
      fakeDevice({ busLocation: 'bus=1 addr=4', serial: 'é' }),
      fakeDevice({ vendorId: '0403', productId: '6001', serial: undefined, busLocation: 'bus=1 addr=5' }),
    );
    viewer.send(Op.List, 0);
    expect(await viewer.next()).toBe(
      'List 0 {"devices": [{"vendor_id": "1209", "product_id": "0001", "serial": "é", "bus_location": "bus=1 addr=4"}, ' +
        '{"vendor_id": "0403", "product_id": "6001", "serial": null, "bus_location": "bus=1 addr=5"}]}',
    );
  });

  it('U1.3: does not reveal a denied device', async () => {
    const { provider } = bench(fakeDevice(), fakeDevice({ vendorId: '0403' }));
    const viewer = provider.attach('viewer-1', { ...ALLOW_ALL, shows: (device) => device.vendorId === '1209' });
    viewer.send(Op.List, 9);
    const answer = await viewer.next();
    expect(answer).toMatch(/^List 9 /);
    expect(answer).not.toContain('0403');
  });

  it('usb-wire §0, row 5: a listing that fails is answered by a LIST', async () => {
    const { backend, viewer } = bench();
    backend.failing = { list: new CodedError('usb.backend-unavailable', 'no bus') };
    viewer.send(Op.List, 0);
    expect(await viewer.next()).toBe('List 0 {"devices": [], "error": "no bus [usb.backend-unavailable]"}');
  });

  it('U1.2: a long listing comes in fragments', async () => {
    const { viewer } = bench(...Array.from({ length: 200 }, () => fakeDevice()));
    viewer.send(Op.List, 0);
    await settle();
    expect(viewer.frames.length).toBeGreaterThan(1);
    expect(viewer.frames.map((frame) => frame.flags)).toEqual([...new Array<number>(viewer.frames.length - 1).fill(0), 1]);
  });
});

describe('OPEN', () => {
  it('U1.4: gives a claim and a token, and records it', async () => {
    const { provider, viewer } = bench();
    viewer.send(Op.Open, 0, { vendor_id: '1209', product_id: '0001' });
    expect(await viewer.next()).toBe('Opened 1 {"ok": true, "claim_id": 1, "resume_token": "01010101010101010101010101010101"}');
    expect(provider.audited).toEqual([{ event: 'usb_open_allowed', vendorId: '1209', productId: '0001', serial: 'A1', claim: 1 }]);
  });

  it.each(['0x1209', '1209', ' 1209 ', '01209'])('usb-field §7, row 29: %j is the same vendor', async (vendorId) => {
    const { viewer } = bench();
    expect((await viewer.open({ vendor_id: vendorId, product_id: '1' })).claim).toBe(1);
  });

  it.each([
    ['is no JSON', 'nonsense', 'bad OPEN payload: body: not JSON'],
    ['lacks the product', { vendor_id: '1209' }, "bad OPEN payload: 'product_id'"],
    ['has an id that is none', { vendor_id: 'x', product_id: '1' }, 'bad OPEN payload: a USB id is up to four hex digits'],
  ])('U1.5: an OPEN that %s is refused', async (_name, body, error) => {
    const { viewer } = bench();
    viewer.send(Op.Open, 0, body);
    expect(await viewer.next()).toBe(`Opened 0 {"ok": false, "error": "${error}"}`);
  });

  it.each([
    ['is not there', { vendor_id: 'dead', product_id: 'beef' }, 'no USB device matches dead:beef'],
    [
      'has another serial number',
      { vendor_id: '1209', product_id: '0001', serial: 'B2' },
      "no USB device matches 1209:0001 with serial number 'B2'",
    ],
  ])('U1.4: a device that %s is not found', async (_name, body, error) => {
    const { provider, viewer } = bench();
    viewer.send(Op.Open, 0, body);
    expect(await viewer.next()).toBe(`Opened 0 {"ok": false, "error": "${error}"}`);
    expect(provider.audited.map(({ event, detail }) => [event, detail])).toEqual([['usb_open_backend_error', 'usb.not-found']]);
  });

  it('U1.4: two units that fit are an error that lists them', async () => {
    const { viewer } = bench(fakeDevice({ serial: 'A1', busLocation: 'here' }), fakeDevice({ serial: 'B2', busLocation: 'there' }));
    viewer.send(Op.Open, 0, { vendor_id: '1209', product_id: '0001' });
    expect(await viewer.next()).toContain('name the serial number: serial A1 at here; serial B2 at there [usb.ambiguous]');
    expect((await viewer.open({ vendor_id: '1209', product_id: '0001', serial: 'B2' })).claim).toBe(1);
  });

  it('U1.3: a denied unit is not listed in an ambiguity either', async () => {
    const { provider } = bench(fakeDevice({ serial: 'A1' }), fakeDevice({ serial: 'B2' }));
    const viewer = provider.attach('viewer-1', { ...ALLOW_ALL, shows: (device) => device.serial !== 'B2' });
    expect((await viewer.open()).claim).toBe(1);
  });

  it('U3.1: what can not be allowed is refused without touching the device, whether it is there or not', async () => {
    const { backend, provider } = bench();
    const viewer = provider.attach('viewer-1', { ...ALLOW_ALL, mayOpen: () => false });
    viewer.send(Op.Open, 0, { vendor_id: '1209', product_id: '0001' });
    viewer.send(Op.Open, 0, { vendor_id: 'dead', product_id: 'beef' });
    expect(await answers(viewer)).toEqual(new Array(2).fill('Opened 0 {"ok": false, "error": "denied by ACL policy"}'));
    expect(backend.opened).toHaveLength(0);
    expect(provider.audited.map(({ event }) => event)).toEqual(['usb_open_denied', 'usb_open_denied']);
  });

  it('usb-field §8.1: the decision is made on the opened device, and a refusal gives it back', async () => {
    const { backend, provider } = bench();
    const viewer = provider.attach('viewer-1', { ...ALLOW_ALL, decide: () => Promise.resolve({ allow: false, reason: 'nobody to ask' }) });
    viewer.send(Op.Open, 0, { vendor_id: '1209', product_id: '0001' });
    expect(await viewer.next()).toBe('Opened 0 {"ok": false, "error": "denied by ACL policy: nobody to ask"}');
    expect(backend.openHandles).toBe(0);
    expect(provider.audited).toMatchObject([{ event: 'usb_open_denied', serial: 'A1', detail: 'nobody to ask' }]);
  });

  it('U3.3: a policy that fails to decide refuses', async () => {
    const { backend, provider } = bench();
    const viewer = provider.attach('viewer-1', { ...ALLOW_ALL, decide: () => Promise.reject(new Error('no')) });
    viewer.send(Op.Open, 0, { vendor_id: '1209', product_id: '0001' });
    expect(await viewer.next()).toBe('Opened 0 {"ok": false, "error": "denied by ACL policy"}');
    expect(backend.openHandles).toBe(0);
  });

  it('usb-field §8.1: a device that turns out to be another than its listing is not lent', async () => {
    const { backend, viewer } = bench();
    const open = backend.open.bind(backend);
    backend.open = async (query) => {
      const handle = await open(query);
      return Object.assign(handle, { device: { ...handle.device, productId: '0002' } });
    };
    viewer.send(Op.Open, 0, { vendor_id: '1209', product_id: '0001' });
    expect(await viewer.next()).toBe('Opened 0 {"ok": false, "error": "no USB device matches 1209:0001"}');
    expect(backend.openHandles).toBe(0);
  });

  it('U2.4: a device that another viewer holds is busy', async () => {
    const { provider, viewer } = bench();
    await viewer.open();
    const other = provider.attach('viewer-2');
    other.send(Op.Open, 0, { vendor_id: '1209', product_id: '0001' });
    expect(await other.next()).toBe('Opened 0 {"ok": false, "error": "in use by another claim [usb.device-busy]"}');
  });

  it('U1.11: a viewer holds at most four claims, and concurrent OPENs do not pass the limit together', async () => {
    const serials = ['1', '2', '3', '4', '5', '6'];
    const { backend, provider, viewer } = bench(...serials.map((serial) => fakeDevice({ serial })));
    for (const serial of serials) viewer.send(Op.Open, 0, { vendor_id: '1209', product_id: '0001', serial });
    const given = await answers(viewer);
    expect(given.filter((frame) => frame.includes('"ok": true'))).toHaveLength(4);
    expect(given.at(-1)).toBe('Opened 0 {"ok": false, "error": "max concurrent claims reached (4)"}');
    expect(backend.openHandles).toBe(4);
    expect(provider.audited.at(-1)?.event).toBe('usb_open_rejected_max_claims');
    viewer.send(Op.Close, 1);
    await settle();
    viewer.frames.length = 0;
    expect((await viewer.open({ vendor_id: '1209', product_id: '0001', serial: '5' })).claim).toBe(5);
  });

  it('U1.11: an OPEN that fails takes no place', async () => {
    const { backend, viewer } = bench();
    backend.failing = { open: new CodedError('usb.no-permission', 'no permission') };
    for (let attempt = 0; attempt < 5; attempt += 1) viewer.send(Op.Open, 0, { vendor_id: '1209', product_id: '0001' });
    expect(await answers(viewer)).toEqual(new Array(5).fill('Opened 0 {"ok": false, "error": "no permission [usb.no-permission]"}'));
    backend.failing = {};
    expect((await viewer.open()).claim).toBe(1);
  });

  it('U1.11: a viewer that asks faster than it can be answered is told so', async () => {
    const { viewer } = bench();
    for (let attempt = 0; attempt < 10; attempt += 1) viewer.send(Op.List, 0);
    const given = await answers(viewer);
    expect(given.filter((frame) => frame.includes('too many requests at once'))).toHaveLength(2);
    expect(given).toHaveLength(10);
  });

  it('U1.8: a device that was opened for a viewer who has left meanwhile is given back', async () => {
    const { backend, viewer } = bench();
    viewer.send(Op.Open, 0, { vendor_id: '1209', product_id: '0001' });
    viewer.provider.detach();
    expect(await answers(viewer)).toEqual([]);
    expect(backend.opened).toHaveLength(1);
    expect(backend.openHandles).toBe(0);
  });
});

describe('abuse', () => {
  it('U1.11: twenty bad frames in a row lock the viewer out for five seconds, over reconnects; it may still close', async () => {
    const { provider, viewer } = bench();
    const { claim } = await viewer.open();
    for (let strike = 0; strike < 20; strike += 1) viewer.provider.receive(Uint8Array.of(1));
    expect(await answers(viewer)).toEqual(new Array(20).fill('Error 0 {"error": "bad frame: frame too short (1B); need at least 4"}'));
    expect(provider.audited.map(({ event }) => event)).toEqual([
      'usb_open_allowed',
      ...new Array<string>(19).fill('usb_error'),
      'usb_rate_limited',
      'usb_error',
    ]);

    viewer.send(Op.List, 0);
    viewer.send(Op.Open, 0, { vendor_id: '1209', product_id: '0001' });
    viewer.send(Op.Bulk, claim, READ);
    viewer.send(Op.Close, claim);
    expect(await answers(viewer)).toEqual([
      'List 0 {"devices": [], "error": "rate limited; locked out"}',
      'Opened 0 {"ok": false, "error": "rate limited; locked out"}',
      'Error 1 {"error": "rate limited; locked out"}',
      'Closed 1 {"ok": true}',
    ]);
    const again = provider.attach();
    again.send(Op.List, 0);
    expect(await again.next()).toContain('locked out');
    const other = provider.attach('viewer-2');
    other.send(Op.List, 0);
    expect(await other.next()).not.toContain('locked out');

    provider.clock.advance(5000);
    again.send(Op.List, 0);
    expect(await again.next()).not.toContain('locked out');
  });

  it('U1.11: refusals that an honest viewer meets do not count', async () => {
    const { viewer } = bench();
    for (let attempt = 0; attempt < 40; attempt += 1) {
      viewer.send(Op.Open, 0, { vendor_id: 'dead', product_id: 'beef' });
      expect(await viewer.next()).not.toContain('locked out');
    }
  });
});

describe('any bytes', () => {
  it.each([Op.Opened, Op.Closed, Op.Error])('usb-wire §3: op %i of a viewer is ignored', async (op) => {
    const { viewer } = bench();
    viewer.send(op, 1, '{}');
    expect(await answers(viewer)).toEqual([]);
  });

  it('U1.5: end in an answer, and the provider lives on', async () => {
    const noise = fc.uint8Array({ maxLength: 40 });
    const bodies = fc.oneof(
      fc.json(),
      fc.constantFrom(JSON.stringify(READ), JSON.stringify(GET_DESCRIPTOR), '{"vendor_id": "1209", "product_id": "0001"}'),
      fc
        .dictionary(fc.constantFrom('endpoint', 'direction', 'length', 'timeout_ms', 'data', 'resume_token'), fc.jsonValue())
        .map((body) => JSON.stringify(body)),
    );
    const frames = fc
      .record({ op: fc.integer({ min: 0, max: 255 }), claim: fc.constantFrom(0, 1, 2, 0xffff), body: bodies })
      .map(({ op, claim, body }) => Uint8Array.from([op, 0, claim >> 8, claim & 0xff, ...utf8(body).subarray(0, 300)]));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(noise, frames), { maxLength: 60 }), async (received) => {
        const backend = new FakeBackend(fakeDevice(), fakeDevice({ serial: 'B2' }));
        const provider = new ProviderBench(backend);
        const viewer = provider.attach();
        for (const bytes of received) {
          viewer.provider.receive(bytes);
          await settle();
          const claims = provider.claims.all();
          expect(claims.every((claim) => claim.credits.left >= 0 && claim.credits.left <= 16)).toBe(true);
          expect(claims.every((claim) => claim.id > 0 && claim.id < 0xffff)).toBe(true);
          expect(backend.openHandles).toBe(claims.length);
        }
        provider.clock.advance(10_000);
        viewer.frames.length = 0;
        viewer.send(Op.List, 0);
        expect(await viewer.next()).toMatch(/^List 0 /);
        await provider.claims.endOf();
        expect(backend.openHandles).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('U1.5: a channel that fails to send is a channel that is gone', async () => {
    const { provider, viewer } = bench();
    await viewer.open();
    viewer.gate = Promise.reject(new Error('closed'));
    viewer.send(Op.List, 0);
    await settle();
    expect(provider.claims.all().map((claim) => claim.holder)).toEqual([undefined]);
    viewer.send(Op.List, 0);
    viewer.provider.detach();
    expect(provider.clock.waiting).toBe(1);
  });
});
