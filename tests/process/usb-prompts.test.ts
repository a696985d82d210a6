import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCoded, Reader } from '@usher/protocol';
import { connect, openFileIdentity, type Session, type UsbClaimHandle } from '@usher/sdk/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventStream } from '../harness/event-stream.ts';
import { HostProcess } from '../harness/host-process.ts';
import { People } from '../harness/people.ts';
import { descendants } from '../harness/processes.ts';
import { removeDirectory } from '../harness/temporary-directory.ts';
import { usher } from '../harness/usher.ts';

/** Who may have a device, asked while viewers wait for it: over WebRTC, with the agent, the console's stream and the commands. */

const KEY = { vendorId: '1050', productId: '0407', serial: undefined };
const BOARD = { vendorId: '1209', productId: '0001', serial: undefined };
const SMALL = { width: 320, height: 200, refreshHz: 10 };

let directory: string;
let host: HostProcess;
let laptop: Session;
let tablet: Session;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-prompts-'));
  host = await HostProcess.start({ args: ['--usb-passthrough', '--usb-backend', 'sim'] });
  for (const device of [KEY, BOARD]) {
    const rule = { vendor_id: device.vendorId, product_id: device.productId, prompt_on_open: true, label: 'ask me' };
    expect((await host.api('POST', '/usb/acl/add', rule)).status).toBe(200);
  }
  laptop = await enter('laptop');
  tablet = await enter('tablet');
});
afterAll(async () => {
  laptop.close();
  tablet.close();
  await host[Symbol.asyncDispose]();
  await removeDirectory(directory);
});

async function enter(name: string): Promise<Session> {
  const identity = await openFileIdentity(join(directory, `${name}.json`));
  return connect({ url: host.url, identity, deviceName: name, mode: SMALL, pin: await host.armPin() });
}

async function wish(session: Session, device: typeof KEY): Promise<UsbClaimHandle> {
  return (await session.usb()).open(device);
}

const answer = (id: string, allow: boolean, remember = false) => host.api('POST', `/usb/prompts/${id}`, { allow, remember });
const idOf = (prompt: unknown) => Reader.of(prompt, 'prompt').string('id');

async function events(): Promise<readonly { readonly event: string; readonly principal: string; readonly fields: Reader }[]> {
  const { body } = await host.api('GET', '/api/v1/audit?limit=50');
  return Reader.of(body, 'audit').list('entries', 50, (entry) => ({
    event: entry.string('event'),
    principal: entry.string('principal'),
    fields: entry.has('fields') ? entry.object('fields') : Reader.of({}, 'fields'),
  }));
}

describe('U3.3: the operator is asked', () => {
  it('U3.3: who wants what is told to the console; allowed, the device is lent, and the audit has it all', async () => {
    using stream = await EventStream.open(host);
    const wished = wish(laptop, KEY);
    const prompt = await stream.next('prompt');
    expect(prompt).toMatchObject({
      ...{ vendor_id: '1050', product_id: '0407', product: 'Simulated security key', risks: ['security-key', 'input-device'] },
      ...{ label: 'ask me', viewer_name: 'laptop', profile: 'operator', profile_name: 'Host' },
    });
    expect((await host.api('GET', '/usb/prompts')).body).toEqual({ prompts: [prompt] });
    expect((await answer(idOf(prompt), true)).status).toBe(204);
    expect(await stream.next('prompt-closed')).toEqual({ id: idOf(prompt), reason: 'answered' });
    const claim = await wished;
    expect(await claim.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 })).toHaveLength(18);
    expect((await answer(idOf(prompt), false)).status).toBe(404); // the first answer counted
    await claim.close();

    const [closed, opened, answered, asked] = await events();
    expect([closed?.event, opened?.event, answered?.event, asked?.event]).toEqual([
      'usb.close',
      'usb.open-allowed',
      'usb.prompt-answered',
      'usb.prompt',
    ]);
    const device = `device:${await new People(host, directory).fingerprintOf('laptop')}`;
    expect([asked?.principal, answered?.principal, opened?.principal]).toEqual([device, 'operator', device]);
    expect(opened?.fields.string('viewer_name')).toBe('laptop');
  });

  it('U3.3: denied by the command, the device isn’t lent', async () => {
    using stream = await EventStream.open(host);
    const wished = wish(laptop, KEY).catch((error: unknown) => error);
    const prompt = await stream.next('prompt');
    const where = ['--home', host.home, '--url', host.url, '--json'];
    const shown = await usher(['usb', 'prompts', ...where]);
    expect(shown.answer.list('prompts', 4, (one) => one.string('id'))).toEqual([idOf(prompt)]);
    const denied = await usher(['usb', 'answer', idOf(prompt), 'deny', ...where]);
    expect(denied.exitCode).toBe(0);
    expect(isCoded(await wished, 'usb.denied')).toBe(true);
    const late = await usher(['usb', 'answer', idOf(prompt), 'allow', ...where]);
    expect([late.exitCode, late.answer.string('code')]).toEqual([4, 'api.not-found']);
  });

  it('U3.3: two who want the same are asked about one by one; who comes second finds it busy', async () => {
    using stream = await EventStream.open(host);
    const first = wish(laptop, BOARD);
    const asked = await stream.next('prompt');
    expect(asked).toMatchObject({ viewer_name: 'laptop' });
    await answer(idOf(asked), true);
    const claim = await first;
    expect(isCoded(await wish(tablet, BOARD).catch((error: unknown) => error), 'usb.device-busy')).toBe(true);

    await claim.bulk({ endpoint: 0x02, data: new TextEncoder().encode('hello') });
    const statistics = Reader.of((await host.api('GET', '/usb/statistics')).body, 'statistics');
    const [row] = statistics.list('claims', 8, (one) => [
      one.string('viewer_name'),
      one.string('protocol'),
      one.integer('bytes_out', 0, 99),
    ]);
    expect(row).toEqual(['laptop', 'v2', 5]);
    expect(statistics.list('viewers', 8, (one) => one.string('viewer_name'))).toEqual(expect.arrayContaining(['laptop', 'tablet']));
    await claim.close();
  });

  it('U3.3: a question whose viewer leaves is over, and nothing was lent', async () => {
    using stream = await EventStream.open(host);
    const visitor = await enter('visitor');
    const wished = wish(visitor, KEY).catch((error: unknown) => error);
    const prompt = await stream.next('prompt');
    visitor.close();
    expect(await stream.next('prompt-closed')).toEqual({ id: idOf(prompt), reason: 'viewer-left' });
    await wished;
    expect((await answer(idOf(prompt), true)).status).toBe(404);
  });

  it('U3.3: a question whose agent is killed is over, and the viewer is told', async () => {
    using stream = await EventStream.open(host);
    const wished = wish(laptop, KEY).catch((error: unknown) => error);
    const prompt = await stream.next('prompt');
    const agent = (await descendants(host.process.pid ?? -1)).find(({ command }) => /usb-agent\/dist\/main\.js --home/.test(command));
    if (agent === undefined) throw new Error('no agent runs');
    process.kill(agent.pid, 'SIGKILL');
    expect(await stream.next('prompt-closed')).toEqual({ id: idOf(prompt), reason: 'agent-ended' });
    expect(isCoded(await wished)).toBe(true);
    expect((await answer(idOf(prompt), true)).status).toBe(404);
    await stream.next('sharing', (data) => Reader.of(data, 'sharing').boolean('running'));
  });

  it('U3.3: “remember” makes a rule, and nobody is asked again', async () => {
    using stream = await EventStream.open(host);
    const wished = wish(laptop, KEY);
    await answer(idOf(await stream.next('prompt')), true, true);
    await (await wished).close();
    await (await wish(laptop, KEY)).close();
    const { body } = await host.api('GET', '/usb/acl');
    const rules = Reader.of(body, 'acl').list('rules', 8, (one) => [
      one.string('vendor_id'),
      one.boolean('allow'),
      one.boolean('prompt_on_open'),
    ]);
    expect(rules).toContainEqual(['1050', true, false]);
    expect((await host.api('POST', '/api/v1/audit/verify')).body).toMatchObject({ ok: true });
  });
});
