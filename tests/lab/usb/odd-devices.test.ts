import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from './coded.ts';
import type { Malformation } from './devices/malformed.ts';
import type { GuestAgent } from './guest-agent.ts';
import { UsbLab } from './usb-lab.ts';

const BOARD = { vendorId: '1209', productId: '0001' };
const FIDO = { vendorId: '1050', productId: '0407' };
const DEVICE_DESCRIPTOR = { requestType: 0x80, request: 6, value: 0x0100, length: 18 };
/** Some 50 ms, but an emulated machine stands still now and then. Who had to wait for the frozen device would wait until it thaws, which is later. */
const OTHERS_WAIT_MS = 10_000;

describe('devices that are slow, frozen or malformed', () => {
  let lab: UsbLab;
  let agent: GuestAgent;
  beforeAll(async () => {
    lab = await UsbLab.start();
    await lab.letUserAt('1209:0001', '1050:0407');
    agent = await lab.agent();
    await agent.lend('1209:0001', '1050:0407');
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it('U1.5: a transfer to a slow device ends by its own time; the claim, and other viewers’ devices, go on meanwhile', async () => {
    const slow = await lab.plug({ kind: 'slow-board', delayMs: 3000 });
    const key = await lab.plug({ kind: 'fido-key' });
    await lab.untilSeen('1209', '0001');
    await lab.untilSeen('1050', '0407');
    const board = await agent.attach().client.open(BOARD);
    const other = await agent.attach().client.open(FIDO);
    expect(await codeOf(board.bulk({ endpoint: 0x02, data: Uint8Array.of(1), timeoutMs: 300 }))).toBe('usb.timeout');
    let answered = 0;
    const patient = board.bulk({ endpoint: 0x02, data: Uint8Array.of(2), timeoutMs: 30_000 }).then(() => answered);
    const meanwhile = (async () => {
      for (let round = 0; round < 20; round += 1) {
        await other.control(DEVICE_DESCRIPTOR);
        answered += 1;
      }
    })();
    expect(await patient).toBeGreaterThan(5);
    await meanwhile;
    await Promise.all([board.close(), other.close()]);
    await Promise.all([slow.die(), key.die()]);
    await lab.untilGone('1209', '0001');
    await lab.untilGone('1050', '0407');
  });

  it('U1.4: a device that freezes holds up nobody else, and works again when it thaws', async () => {
    const device = await lab.plug({ kind: 'board' });
    const key = await lab.plug({ kind: 'fido-key' });
    await lab.untilSeen('1209', '0001');
    await lab.untilSeen('1050', '0407');
    const board = await agent.attach().client.open(BOARD);
    device.freeze();
    const stuck = board.bulk({ endpoint: 0x02, data: Uint8Array.of(9), timeoutMs: 60_000 });
    const other = await agent.attach().client.open(FIDO);
    for (let round = 0; round < 10; round += 1) expect(await other.control(DEVICE_DESCRIPTOR)).toHaveLength(18);
    device.thaw();
    await stuck;
    expect(await board.bulk({ endpoint: 0x81, length: 64, timeoutMs: 10_000 })).toEqual(Uint8Array.of(9));
    await Promise.all([board.close(), other.close()]);
    await Promise.all([device.die(), key.die()]);
    await lab.untilGone('1209', '0001');
    await lab.untilGone('1050', '0407');
  });

  it('U1.10, ADR 0017: a transfer on a frozen device is cancelled, and its claim closed, while another viewer’s device goes on', async () => {
    const device = await lab.plug({ kind: 'board' });
    const key = await lab.plug({ kind: 'fido-key' });
    await lab.untilSeen('1209', '0001');
    await lab.untilSeen('1050', '0407');
    const board = await agent.attach().client.open(BOARD);
    const other = await agent.attach().client.open(FIDO);
    await board.bulk({ endpoint: 0x02, data: Uint8Array.of(1), timeoutMs: 10_000 });
    device.freeze();

    const stop = new AbortController();
    const stuck = board
      .bulk({ endpoint: 0x02, data: Uint8Array.of(2), timeoutMs: 60_000, signal: stop.signal })
      .catch((error: unknown) => error);
    await other.control(DEVICE_DESCRIPTOR); // the transfer before it is under way by now
    stop.abort('enough');
    const over = stuck.then(async (reason) => {
      await board.close(); // it can't be given back, and is closed all the same
      return reason;
    });
    const waits = await waitsUntil(over, () => other.control(DEVICE_DESCRIPTOR));
    expect(await over).toBe('enough');
    expect(waits.length).toBeGreaterThan(3);
    expect(Math.max(...waits)).toBeLessThan(OTHERS_WAIT_MS);

    device.thaw();
    await lab.machine.until('test "$(ls -d /sys/bus/usb/drivers/cdc_acm/*-*:1.* | wc -l)" -eq 2'); // its guard gave the interfaces back
    const again = await agent.attach().client.open(BOARD);
    expect(await again.control(DEVICE_DESCRIPTOR)).toHaveLength(18);
    await Promise.all([again.close(), other.close()]);
    await Promise.all([device.die(), key.die()]);
    await lab.untilGone('1209', '0001');
    await lab.untilGone('1050', '0407');
  });

  it.each<[Malformation, string]>([
    ['an endpoint descriptor of length 0', 'usb.unsupported'],
    ['fewer endpoints than it declares', 'it worked'],
    ['fewer interfaces than it declares', 'it worked'],
    ['a total length beyond its end', 'it worked'],
    ['an endpoint twice', 'it worked'],
    ['packets of no bytes', 'it worked'],
    ['no interface', 'it worked'],
  ])('lab §3: %s: the kernel lists it, opening it ends well or by code, and the agent goes on', async (how, expected) => {
    const device = await lab.plug({ kind: 'malformed', how });
    await lab.untilSeen('1209', '0001');
    const { client } = agent.attach();
    expect(await codeOf(client.open(BOARD).then((claim) => claim.close()))).toBe(expected);
    expect(await agent.devices()).toContain('1209:0001');
    await device.die();
    await lab.untilGone('1209', '0001');
  });
});

/** Does one thing after the other until `over`; how long each took, in milliseconds. */
async function waitsUntil(over: Promise<unknown>, work: () => Promise<unknown>): Promise<readonly number[]> {
  const waits: number[] = [];
  const end = new AbortController();
  void over.then(() => end.abort());
  while (!end.signal.aborted) {
    const begun = performance.now();
    await work();
    waits.push(performance.now() - begun);
  }
  return waits;
}
