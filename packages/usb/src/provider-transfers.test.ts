import { CodedError, MAX_PAYLOAD, Op } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { fakeDevice, neverAnswers } from '../testing/fake-backend.ts';
import { answers, bench, settle } from '../testing/provider-bench.ts';

const READ = { endpoint: 0x81, direction: 'in', length: 3 };
const GET_DESCRIPTOR = { bm_request_type: 0x80, b_request: 6, w_value: 0x0100, length: 4 };
const OK = '{"ok": true, "data": "AAEC"}';

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
