import { CodedError, MAX_PAYLOAD, Op, utf8 } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeBackend, fakeDevice, neverAnswers } from '../testing/fake-backend.ts';
import { ALLOW_ALL, type BenchViewer, ProviderBench, settle } from '../testing/provider-bench.ts';

const READ = { endpoint: 0x81, direction: 'in', length: 3 };
const GET_DESCRIPTOR = { bm_request_type: 0x80, b_request: 6, w_value: 0x0100, length: 4 };
const OK = '{"ok": true, "data": "AAEC"}';

function bench(...devices: ReturnType<typeof fakeDevice>[]) {
  const backend = new FakeBackend(...(devices.length > 0 ? devices : [fakeDevice()]));
  const provider = new ProviderBench(backend);
  return { backend, provider, viewer: provider.attach() };
}

/** The answers that are there once everything has run, without the CREDITs. */
async function answers(viewer: BenchViewer): Promise<readonly string[]> {
  await settle();
  const all: string[] = [];
  while (viewer.frames.length > 0) all.push(await viewer.next());
  return all.filter((frame) => !frame.startsWith('Credit'));
}

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

describe('transfers', () => {
  it.each([
    ['control', Op.Control, 'Control', GET_DESCRIPTOR, '{"ok": true, "data": "AAECAw=="}'],
    ['bulk', Op.Bulk, 'Bulk', READ, OK],
    ['interrupt', Op.Interrupt, 'Interrupt', { ...READ, endpoint: 0x83 }, OK],
    ['bulk out', Op.Bulk, 'Bulk', { endpoint: 2, direction: 'out', data: 'AAEC' }, '{"ok": true, "data": ""}'],
  ])('U1.5: a %s transfer is answered in its kind, and its credit comes back', async (_name, op, name, body, reply) => {
    const { viewer } = bench();
    const { claim } = await viewer.open();
    viewer.send(op, claim, body);
    expect([await viewer.next(), await viewer.next()]).toEqual([`${name} 1 ${reply}`, 'Credit 1 {"credits": 1}']);
  });

  it.each([
    ['without a length', { endpoint: 0x81 }, "direction must be 'in' or 'out', got ''"],
    ['without an endpoint', { direction: 'in' }, "'endpoint'"],
    ['for more than a transfer holds', { ...READ, length: 2 ** 31 - 1 }, 'length: expected a whole number from 0 to 1048576'],
    ['for an endpoint that the device lacks', { ...READ, endpoint: 0x8f }, 'the device has no endpoint 0x8f [usb.transfer-failed]'],
    ['for an endpoint of another type', { ...READ, endpoint: 0x83 }, 'endpoint 0x83 is interrupt, not bulk [usb.transfer-failed]'],
    [
      'for an isochronous endpoint',
      { ...READ, endpoint: 0x85 },
      "endpoint 0x85 is isochronous, which Usher doesn't carry [usb.unsupported]",
    ],
  ])('U1.5, U2.7: a transfer %s fails by its reply', async (_name, body, error) => {
    const { viewer } = bench();
    const { claim } = await viewer.open();
    viewer.send(Op.Bulk, claim, body);
    expect([await viewer.next(), await viewer.next()]).toEqual([
      `Bulk 1 ${JSON.stringify({ ok: false, error }).replaceAll('":', '": ').replace(',"', ', "')}`,
      'Credit 1 {"credits": 1}',
    ]);
  });

  it('U1.5: a device whose descriptors make no sense still has its transfers', async () => {
    const { viewer } = bench(fakeDevice({ configuration: Uint8Array.of(1, 2, 3) }));
    const { claim } = await viewer.open();
    viewer.send(Op.Bulk, claim, { ...READ, endpoint: 0x8f });
    expect(await viewer.next()).toBe(`Bulk 1 ${OK}`);
  });

  it.each(['nonsense', '[]', '', '{"a":'.repeat(500)])(
    'U1.5: the body %j gets an ERROR, its credit back, and the claim lives',
    async (body) => {
      const { viewer } = bench();
      const { claim } = await viewer.open();
      viewer.send(Op.Control, claim, body);
      expect(await viewer.next()).toMatch(/^Error 1 \{"error": "bad payload: body: /);
      expect(await viewer.next()).toBe('Credit 1 {"credits": 1}');
      viewer.send(Op.Bulk, claim, READ);
      expect(await viewer.next()).toBe(`Bulk 1 ${OK}`);
    },
  );

  it('U1.5: a failure of the device is a reply with its code', async () => {
    const { viewer } = bench(fakeDevice({ transfer: () => Promise.reject(new CodedError('usb.stall', 'pipe stalled')) }));
    const { claim } = await viewer.open();
    viewer.send(Op.Bulk, claim, READ);
    expect(await viewer.next()).toBe('Bulk 1 {"ok": false, "error": "pipe stalled [usb.stall]"}');
  });

  it('U1.5: a bug in a backend is a reply that tells nothing of its inside', async () => {
    const { viewer } = bench(fakeDevice({ transfer: () => Promise.reject(new TypeError('secret')) }));
    const { claim } = await viewer.open();
    viewer.send(Op.Bulk, claim, READ);
    expect(await viewer.next()).toBe('Bulk 1 {"ok": false, "error": "internal error [internal]"}');
  });

  it.each([0, 2, 0xffff])('U1.5: claim %i, which the viewer does not hold, is unknown', async (claim) => {
    const { viewer } = bench();
    await viewer.open();
    viewer.send(Op.Bulk, claim, READ);
    expect(await viewer.next()).toBe(`Error ${claim} {"error": "unknown claim_id ${claim}"}`);
  });

  it('U1.4: another viewer’s claim does not exist', async () => {
    const { provider, viewer } = bench();
    const { claim } = await viewer.open();
    const other = provider.attach('viewer-2');
    other.send(Op.Bulk, claim, READ);
    other.send(Op.Close, claim);
    expect(await answers(other)).toEqual(new Array(2).fill('Error 1 {"error": "unknown claim_id 1"}'));
  });

  it('U1.2: a large reply comes in fragments, then its credit', async () => {
    const { viewer } = bench();
    const { claim } = await viewer.open();
    viewer.send(Op.Bulk, claim, { ...READ, length: 40_000 });
    await settle();
    expect(viewer.frames.map(({ op, flags, payload }) => [op, flags, payload.length])).toEqual([
      [Op.Bulk, 0, MAX_PAYLOAD],
      [Op.Bulk, 0, MAX_PAYLOAD],
      [Op.Bulk, 0, MAX_PAYLOAD],
      [Op.Bulk, 1, 4208],
      [Op.Credit, 0, 14],
    ]);
  });

  it('usb-wire §0, row 3: replies come in the order of their requests', async () => {
    const finish: (() => void)[] = [];
    const device = fakeDevice({ transfer: ({ length }) => new Promise((resolve) => finish.push(() => resolve(new Uint8Array(length)))) });
    const { viewer } = bench(device);
    const { claim } = await viewer.open();
    viewer.send(Op.Bulk, claim, { ...READ, length: 1 });
    viewer.send(Op.Bulk, claim, 'bad');
    viewer.send(Op.Bulk, claim, { ...READ, length: 2 });
    expect(await answers(viewer)).toEqual([]);
    finish[0]?.();
    expect(await answers(viewer)).toEqual(['Bulk 1 {"ok": true, "data": "AA=="}', 'Error 1 {"error": "bad payload: body: not JSON"}']);
    finish[1]?.();
    expect(await answers(viewer)).toEqual(['Bulk 1 {"ok": true, "data": "AAA="}']);
  });

  it('U1.11: one claim’s slow device does not hold another claim up', async () => {
    const { viewer } = bench(fakeDevice({ serial: 'slow', transfer: neverAnswers }), fakeDevice({ serial: 'quick' }));
    const slow = await viewer.open({ vendor_id: '1209', product_id: '0001', serial: 'slow' });
    const quick = await viewer.open({ vendor_id: '1209', product_id: '0001', serial: 'quick' });
    viewer.send(Op.Bulk, slow.claim, READ);
    viewer.send(Op.Bulk, quick.claim, READ);
    expect(await answers(viewer)).toEqual([`Bulk 2 ${OK}`]);
  });
});

describe('credits', () => {
  it('U1.6: sixteen transfers may be outstanding; one more gets an ERROR and is not executed', async () => {
    const requests: unknown[] = [];
    const { viewer } = bench(
      fakeDevice({
        transfer: (request, signal) => {
          requests.push(request);
          return neverAnswers(request, signal);
        },
      }),
    );
    const { claim } = await viewer.open();
    for (let request = 0; request < 18; request += 1) viewer.send(Op.Bulk, claim, READ);
    expect(await answers(viewer)).toEqual(new Array(2).fill('Error 1 {"error": "credit exhausted"}'));
    expect(requests).toHaveLength(1);
  });

  it('usb-wire §0, row 2: a claim serves as many transfers as its viewer likes', async () => {
    const { viewer } = bench();
    const { claim } = await viewer.open();
    for (let request = 0; request < 200; request += 1) {
      viewer.send(Op.Bulk, claim, READ);
      expect(await viewer.next()).toBe(`Bulk 1 ${OK}`);
      expect(await viewer.next()).toBe('Credit 1 {"credits": 1}');
    }
  });

  it.each(['{"credits": 1}', '{"credits": -1}', '{"credits": 1e999}', '{"credits": null}', 'nonsense', ''])(
    'U1.6: the CREDIT %j of a viewer is answered by nothing',
    async (body) => {
      const { viewer } = bench();
      const { claim } = await viewer.open();
      viewer.send(Op.Credit, claim, body);
      viewer.send(Op.Credit, 999, body);
      expect(await answers(viewer)).toEqual([]);
    },
  );

  it('usb-field §7, row 13: a viewer that does not take its replies gets no more done', async () => {
    let executed = 0;
    const { viewer } = bench(
      fakeDevice({
        transfer: () => {
          executed += 1;
          return Promise.resolve(new Uint8Array());
        },
      }),
    );
    const { claim } = await viewer.open();
    let release: () => void = () => undefined;
    viewer.gate = new Promise((resolve) => {
      release = resolve;
    });
    for (let request = 0; request < 5; request += 1) viewer.send(Op.Bulk, claim, READ);
    await settle();
    expect(executed).toBe(1);
    viewer.gate = undefined;
    release();
    await settle();
    expect(executed).toBe(5);
  });
});

describe('CLOSE', () => {
  it('U1.7: gives the device back and says so; a second one is an ERROR', async () => {
    const { backend, provider, viewer } = bench();
    const { claim } = await viewer.open();
    viewer.send(Op.Close, claim);
    viewer.send(Op.Close, claim);
    expect(await answers(viewer)).toEqual(['Error 1 {"error": "unknown claim_id 1"}', 'Closed 1 {"ok": true}']);
    expect(backend.openHandles).toBe(0);
    expect(provider.audited.at(-2)).toMatchObject({ event: 'usb_close', claim: 1 });
    expect(provider.clock.waiting).toBe(0);
  });

  it('U1.7: pending transfers end first', async () => {
    const { viewer } = bench(fakeDevice({ transfer: neverAnswers }));
    const { claim } = await viewer.open();
    viewer.send(Op.Bulk, claim, READ);
    viewer.send(Op.Bulk, claim, READ);
    await settle();
    viewer.send(Op.Close, claim);
    expect(await answers(viewer)).toEqual([
      ...new Array<string>(2).fill('Bulk 1 {"ok": false, "error": "handle is closed"}'),
      'Closed 1 {"ok": true}',
    ]);
  });

  it('usb-wire §5.8: a device that fails to close is an ERROR, and the claim is gone all the same', async () => {
    const { backend, viewer } = bench();
    const { claim } = await viewer.open();
    backend.failing = { close: new CodedError('usb.transfer-failed', 'stuck') };
    viewer.send(Op.Close, claim);
    expect(await answers(viewer)).toEqual(['Error 1 {"error": "close failed: stuck [usb.transfer-failed]"}']);
    viewer.send(Op.Bulk, claim, READ);
    expect(await answers(viewer)).toEqual(['Error 1 {"error": "unknown claim_id 1"}']);
  });

  it('U1.4: a claim id is not given again before the others are used up', async () => {
    const { viewer } = bench();
    const first = await viewer.open();
    viewer.send(Op.Close, first.claim);
    await answers(viewer);
    expect((await viewer.open()).claim).toBe(2);
  });
});

describe('a device that leaves', () => {
  it('U1.7, usb-wire §0 row 6: the pending reply first, then CLOSED, unasked', async () => {
    const device = fakeDevice({ transfer: neverAnswers });
    const { backend, provider, viewer } = bench(device);
    const { claim } = await viewer.open();
    viewer.send(Op.Bulk, claim, READ);
    await settle();
    backend.unplug(device);
    expect(await answers(viewer)).toEqual([
      'Bulk 1 {"ok": false, "error": "the device was unplugged [usb.device-gone]"}',
      'Closed 1 {"ok": false, "error": "the device was unplugged [usb.device-gone]"}',
    ]);
    expect(provider.audited.at(-1)).toMatchObject({ event: 'usb_device_gone', detail: 'the device was unplugged' });
    expect(provider.claims.all()).toEqual([]);
    expect(backend.openHandles).toBe(0);
  });

  it('U1.7: also where the device can not even be closed', async () => {
    const device = fakeDevice();
    const { backend, viewer } = bench(device);
    await viewer.open();
    backend.failing = { close: new CodedError('usb.transfer-failed', 'stuck') };
    backend.unplug(device);
    expect(await answers(viewer)).toEqual(['Closed 1 {"ok": false, "error": "the device was unplugged [usb.device-gone]"}']);
  });
});

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

describe('revocation', () => {
  it('design §5: takes open claims back at once, and tells their viewers', async () => {
    const { backend, provider } = bench(fakeDevice({ transfer: neverAnswers }), fakeDevice({ vendorId: '0403' }));
    let denied = '';
    const viewer = provider.attach('viewer-1', { ...ALLOW_ALL, shows: (device) => device.vendorId !== denied });
    const { claim } = await viewer.open();
    await viewer.open({ vendor_id: '0403', product_id: '0001' });
    viewer.send(Op.Bulk, claim, READ);
    await settle();
    denied = '1209';
    await provider.claims.revokeDenied();
    expect(await answers(viewer)).toEqual([
      'Bulk 1 {"ok": false, "error": "denied by ACL policy"}',
      'Closed 1 {"ok": false, "error": "denied by ACL policy"}',
    ]);
    expect(backend.openHandles).toBe(1);
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
