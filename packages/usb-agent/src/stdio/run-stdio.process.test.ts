import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError, decodeFrame, encodeClosed, encodeFrame, fromHex, Op, Reader, tryUtf8, utf8 } from '@usher/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { StdioProcess } from '../../testing/stdio-process.ts';

const KEY_RULE = { vendor_id: '1050', product_id: '0407' };
const BOARD_RULE = { vendor_id: '1209', product_id: '0001' };
const BOARD = { vendorId: '1209', productId: '0001' };
const rules = (...allowed: readonly object[]) => JSON.stringify({ version: 1, default: 'deny', rules: allowed });
const golden = Reader.json(await readFile(new URL('../../../protocol/vectors/usb-frames.json', import.meta.url)), 'vectors').list(
  'frames',
  100,
  (frame) => ({
    label: frame.string('label'),
    hex: frame.optionalString('hex', 100_000),
  }),
);

/** A frame that an AutoControl viewer wrote. */
function fromAutoControl(label: string): Uint8Array {
  const hex = golden.find((frame) => frame.label === label)?.hex;
  if (hex === undefined) throw new TypeError(`no golden frame "${label}"`);
  return fromHex(hex);
}

let viewer: StdioProcess;
afterEach(() => viewer.stop());

async function started(text: string | undefined, mode = 0o600): Promise<StdioProcess> {
  viewer = new StdioProcess();
  if (text !== undefined) await writeFile(viewer.acl, text, { mode });
  viewer.start();
  return viewer;
}

const say = (op: Op, claim: number, body: unknown) =>
  encodeFrame({ op, flags: 0, claim, payload: utf8(body === undefined ? '' : JSON.stringify(body)) });

async function heard(): Promise<string> {
  const { op, claim, payload } = decodeFrame(await viewer.next());
  return `${op} ${claim} ${tryUtf8(payload)}`;
}

describe('U5.6: usher usb stdio', () => {
  it('base protocol, frame by frame: list, open, GET_DESCRIPTOR, close', async () => {
    await started(rules(KEY_RULE));
    viewer.send(fromAutoControl('LIST request'));
    expect(await heard()).toMatch(/^1 0 {"devices": \[{"vendor_id": "1050", "product_id": "0407".*}\]}$/);
    viewer.send(say(Op.Open, 0, KEY_RULE));
    expect(await heard()).toMatch(/^3 1 {"ok": true, "claim_id": 1.*"resume_token": "[0-9a-f]{32}"/);
    viewer.send(say(Op.Control, 1, { bm_request_type: 0x80, b_request: 6, w_value: 0x0100, w_index: 0, length: 18, timeout_ms: 1000 }));
    const reply = await heard();
    const data = /"data": "([^"]+)"/.exec(reply)?.[1] ?? '';
    expect([reply.slice(0, 4), [...Buffer.from(data, 'base64').subarray(0, 2)], Buffer.from(data, 'base64').length]).toEqual([
      '4 1 ',
      [18, 1],
      18,
    ]);
    expect(await heard()).toBe('7 1 {"credits": 1}');
    viewer.send(say(Op.Close, 1, undefined));
    expect(decodeFrame(await viewer.next())).toEqual({ op: Op.Closed, flags: 0, claim: 1, payload: encodeClosed({ ok: true }) });
    viewer.endInput();
    expect(await viewer.ended).toBe(0);
  });

  it('refusals: a device that no rule allows, a claim that nobody has, noise', async () => {
    await started(rules(KEY_RULE));
    viewer.send(say(Op.Open, 0, BOARD_RULE));
    expect(await heard()).toMatch(/^3 0 {"ok": false, "error": "denied by ACL policy"/);
    viewer.send(say(Op.Close, 9, undefined));
    expect(await heard()).toBe('255 9 {"error": "unknown claim_id 9"}');
    viewer.send(Uint8Array.of(1));
    expect(await heard()).toMatch(/^255 0 {"error": "bad frame/);
    viewer.send(say(Op.List, 0, undefined));
    expect(await heard()).toMatch(/^1 0 /);
  });

  it('usb-wire §4–§7: what an AutoControl viewer may write is read as its host reads it, and costs a credit only while it is under way', async () => {
    await started(rules(BOARD_RULE));
    viewer.send(say(Op.Open, 0, { ...BOARD_RULE, serial: null, more: true }));
    expect(await heard()).toMatch(/^3 1 {"ok": true, /);
    const largest = Buffer.from(Array.from({ length: 12_237 }, (_, at) => at & 0xff)).toString('base64');
    const out = { endpoint: 2, direction: 'out', timeout_ms: 1000 };
    const back = { endpoint: 0x81, direction: 'in', timeout_ms: 1000 };
    const traps: readonly (readonly [string, object, string])[] = [
      ['the largest write of one frame', { ...out, data: largest }, '5 1 {"ok": true, "data": ""}'],
      ['… comes back in one frame', { ...back, length: 12_237 }, `5 1 {"ok": true, "data": "${largest}"}`],
      ['numbers as text and with fractions', { ...out, endpoint: '2', timeout_ms: 900.9, data: 'AQID' }, '5 1 {"ok": true, "data": ""}'],
      ['no time and no data', { endpoint: 0x81, direction: 'in', length: 64, data: null }, '5 1 {"ok": true, "data": "AQID"}'],
      ['a length beside what is written', { ...out, data: 'BA==', length: 3 }, '5 1 {"ok": true, "data": ""}'],
      ['a read that says nothing of its length', { ...back }, '5 1 {"ok": true, "data": ""}'],
      ['no endpoint', { direction: 'in', length: 8 }, '5 1 {"ok": false, "error": "\'endpoint\'"}'],
      ['another direction', { ...back, direction: 'up' }, `5 1 {"ok": false, "error": "direction must be 'in' or 'out', got 'up'"}`],
      ['no base64', { ...out, data: '@@@' }, '5 1 {"ok": false, "error": "not base64"}'],
    ];
    for (let round = 0; round < 3; round += 1) {
      // Three times: more requests than there are credits.
      for (const [what, body, answer] of traps) {
        viewer.send(say(Op.Bulk, 1, body));
        expect([what, await heard()]).toEqual([what, answer]);
        expect(await heard()).toBe('7 1 {"credits": 1}');
      }
      viewer.send(encodeFrame({ op: Op.Bulk, flags: 0, claim: 1, payload: utf8('{nope') }));
      expect(await heard()).toMatch(/^255 1 {"error": "bad payload: /);
      expect(await heard()).toBe('7 1 {"credits": 1}'); // that host keeps it, and its viewer has one less for good
      viewer.send(say(Op.Bulk, 1, { ...back, length: 64 })); // what the round has left
      expect(await heard()).toBe('5 1 {"ok": true, "data": "BA=="}');
      expect(await heard()).toBe('7 1 {"credits": 1}');
    }
    viewer.send(say(Op.Credit, 1, { credits: 0 })); // no answer to any of these
    viewer.send(say(Op.Credit, 99, { credits: 4 }));
    viewer.send(say(Op.Opened, 1, { ok: true }));
    viewer.send(say(Op.Close, 1, undefined));
    expect(await heard()).toBe('9 1 {"ok": true}');
  });

  it('bulk out and in on a board, 40,000 bytes in one read, a stall, a resume', async () => {
    await started(rules(BOARD_RULE));
    const client = viewer.client();
    const board = await client.open(BOARD);
    const sent = Uint8Array.from({ length: 40_000 }, (_, index) => (index * 7) & 0xff);
    for (let at = 0; at < sent.length; at += 8192) await board.bulk({ endpoint: 0x02, data: sent.subarray(at, at + 8192) });
    expect(Buffer.compare(await board.bulk({ endpoint: 0x81, length: 40_000 }), sent)).toBe(0);
    const stalled = await board.control({ requestType: 0xc0, request: 0x77, length: 4 }).catch((error: unknown) => error);
    expect(stalled).toBeInstanceOf(CodedError);
    expect(stalled).toMatchObject({ code: 'usb.stall' });
    const resumed = await client.resume(board.resumeToken);
    expect(resumed.claim).toBe(board.claim);
    expect(resumed.resumeToken).not.toBe(board.resumeToken);
    await resumed.bulk({ endpoint: 0x02, data: Uint8Array.of(1, 2, 3) });
    expect([...(await resumed.bulk({ endpoint: 0x81, length: 64 }))]).toEqual([1, 2, 3]);
    await resumed.close();
  });

  it.each([
    ['are missing', undefined, 0o600, 'missing'],
    ['don’t read', '{"version": 1', 0o600, 'not JSON'],
    ['are open to others', rules(KEY_RULE), 0o644, 'chmod 600'],
  ])('U3.1, U3.2: rules that were named and %s lend nothing, and that is said', async (_name, text, mode, said) => {
    await started(text, mode);
    viewer.send(say(Op.List, 0, undefined));
    expect(await heard()).toBe('1 0 {"devices": []}');
    viewer.send(say(Op.Open, 0, KEY_RULE));
    expect(await heard()).toMatch(/denied by ACL policy/);
    await expect.poll(() => viewer.log).toContain(said);
    await expect.poll(() => viewer.log).toContain('nothing is lent');
  });

  it('U3.2: rules whose signature does not fit lend nothing, and that is said', async () => {
    viewer = new StdioProcess();
    await writeFile(viewer.acl, rules(KEY_RULE), { mode: 0o600 });
    await writeFile(`${viewer.acl}.key`, new Uint8Array(32), { mode: 0o600 });
    await writeFile(`${viewer.acl}.sig`, '0'.repeat(64), { mode: 0o600 });
    viewer.start();
    viewer.send(say(Op.Open, 0, KEY_RULE));
    expect(await heard()).toMatch(/denied by ACL policy/);
    await expect.poll(() => viewer.log).toContain('signature doesn');
  });

  it('U3.6: an empty state directory is no matter: the simulation lends its devices where no rules were named', async () => {
    viewer = new StdioProcess();
    viewer.start({ acl: undefined, home: join(viewer.home, 'nowhere') });
    expect((await viewer.client().list()).map((device) => device.vendorId)).toEqual(['1050', '1209', '1209', '1209']);
  });

  it('a length beyond any frame ends it, before anything is allocated', async () => {
    await started(rules());
    viewer.sendRaw(Uint8Array.of(0xff, 0xff, 0xff, 0xff));
    expect(await viewer.ended).toBe(1);
  });
});
