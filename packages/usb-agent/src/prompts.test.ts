import type { Acl } from '@usher/domain';
import { OPERATOR, Op, profileId } from '@usher/protocol';
import { settle } from '@usher/usb/testing';
import { describe, expect, it } from 'vitest';
import { LAPTOP, LinkBench, PHONE } from '../testing/link-bench.ts';
import { accessOf } from './access.ts';
import { FidoKey } from './backends/sim/fido-key.ts';
import { SerialBoard } from './backends/sim/serial-board.ts';
import { SimBackend } from './backends/sim/sim-backend.ts';

const KID = profileId('00000000000a');
const BOARD = { vendor_id: '1209', product_id: '0001' };
const KEY = { vendor_id: '1050', product_id: '0407' };
const V2 = { ext: ['v2'] };
const rule = {
  vendorId: '1209',
  productId: '0001',
  serial: undefined,
  label: 'Workbench',
  allow: true,
  promptOnOpen: true,
  profile: undefined,
};
const ASKS: Acl = { default: 'deny', rules: [rule] };
const BY_DEFAULT: Acl = { default: 'allow', rules: [] };

async function asking(acl = ASKS, query: object = BOARD) {
  const agent = await LinkBench.withRules(acl);
  agent.attach(1);
  agent.say(1, Op.Open, 0, { ...query, ...V2 });
  const [question] = await agent.asked();
  return {
    agent,
    question,
    answer: (allow: boolean, remember = false) => agent.server.receive({ type: 'prompt-answer', id: 1, allow, remember }),
  };
}

describe('a question to the operator', () => {
  it('U3.3, A6: names device, rule, viewer and profile, and says how long it is open', async () => {
    const { question } = await asking();
    expect(question).toEqual({
      type: 'prompt',
      id: 1,
      prompt: {
        device: {
          vendorId: '1209',
          productId: '0001',
          serial: 'SIM-ACM-1',
          manufacturer: expect.any(String) as string,
          product: expect.any(String) as string,
          busLocation: 'sim=1 addr=2',
        },
        risks: [],
        rule: 'Workbench',
        viewer: LAPTOP,
        viewerName: 'Laptop',
        profile: OPERATOR,
        expiresMs: 30_000,
      },
    });
  });

  it('U3.3: yes opens the device, no refuses it', async () => {
    const yes = await asking();
    yes.answer(true);
    expect(await yes.agent.heard(1)).toEqual([expect.stringMatching(/^3 1 {"ok": true/)]);
    expect(yes.agent.withdrawn).toEqual(['1 answered']);
    const no = await asking();
    no.answer(false);
    expect(await no.agent.heard(1)).toEqual(['3 0 {"ok": false, "error": "denied by ACL policy: the operator said no"}']);
    expect(no.agent.claims.all()).toEqual([]);
  });

  it('U3.3, A6: no answer in thirty seconds is a denial, and an answer after that is nobody’s', async () => {
    const { agent, answer } = await asking();
    agent.clock.advance(29_999);
    expect(await agent.heard(1)).toEqual([]);
    agent.clock.advance(1);
    expect(await agent.heard(1)).toEqual([
      '3 0 {"ok": false, "error": "denied by ACL policy: the operator was asked, and did not answer in time"}',
    ]);
    answer(true);
    expect(await agent.heard(1)).toEqual([]);
    expect([agent.withdrawn, agent.claims.all(), agent.clock.waiting]).toEqual([['1 expired'], [], 0]);
  });

  it('usb-wire §9, A6: a viewer of the base protocol gives up after ten seconds, so the operator has nine', async () => {
    const agent = await LinkBench.withRules(ASKS);
    agent.attach(1);
    agent.say(1, Op.Open, 0, BOARD);
    expect((await agent.asked())[0]?.prompt.expiresMs).toBe(9000);
    agent.clock.advance(9000);
    expect(await agent.heard(1)).toEqual([expect.stringContaining('"ok": false')]);
  });

  it('pen-test 37: while it is open nobody gets the device, and its viewer can still list', async () => {
    const { agent, answer } = await asking({
      default: 'deny',
      rules: [
        { ...rule, profile: OPERATOR },
        { ...rule, promptOnOpen: false },
      ],
    });
    agent.attach(2, PHONE, KID);
    agent.say(2, Op.Open, 0, BOARD);
    expect(await agent.heard(2)).toEqual([expect.stringContaining('[usb.device-busy]')]);
    agent.say(1, Op.List, 0);
    expect(await agent.heard(1)).toEqual([expect.stringMatching(/^1 0 {"devices"/)]);
    answer(true);
    expect(await agent.heard(1)).toEqual([expect.stringContaining('"ok": true')]);
  });

  it('A6: a viewer that leaves takes its question back, and gets nothing for a late yes', async () => {
    const { agent, answer } = await asking();
    agent.server.receive({ type: 'detach', link: 1 });
    answer(true);
    await settle();
    expect([agent.withdrawn, agent.claims.all()]).toEqual([['1 viewer-left'], []]);
  });

  it('A6: a device that leaves ends the question about it', async () => {
    const board = new SerialBoard();
    const backend = new SimBackend([board]);
    const agent = await LinkBench.withRules(ASKS, backend);
    agent.attach(1);
    agent.say(1, Op.Open, 0, { ...BOARD, ...V2 });
    await agent.asked();
    backend.unplug(board);
    expect(await agent.heard(1)).toEqual([expect.stringContaining('the device left')]);
    expect(agent.withdrawn).toEqual(['1 device-gone']);
  });

  it('A6: four are open for one viewer, and the next is denied at once without keeping another viewer from being asked', async () => {
    const boards = Array.from({ length: 6 }, (_, index) => {
      const board = new SerialBoard();
      return Object.assign(board, { identity: { ...board.identity, serial: `B${index}` } });
    });
    const agent = await LinkBench.withRules(ASKS, new SimBackend(boards));
    // One OPEN of a channel waits for the other, so a viewer asks from several channels.
    for (let link = 1; link <= 4; link += 1) {
      agent.attach(link);
      agent.say(link, Op.Open, 0, { ...BOARD, serial: `B${link}`, ...V2 });
    }
    expect(await agent.asked()).toHaveLength(4);
    agent.attach(5);
    agent.say(5, Op.Open, 0, { ...BOARD, serial: 'B5', ...V2 });
    expect(await agent.heard(5)).toEqual([expect.stringContaining('"ok": false')]);
    agent.attach(6, PHONE);
    agent.say(6, Op.Open, 0, { ...BOARD, serial: 'B5', ...V2 });
    expect(await agent.asked()).toHaveLength(1);
  });

  it('U3.3: an answer that is remembered isn’t asked for again', async () => {
    const { agent, answer } = await asking();
    answer(true, true);
    expect(await agent.heard(1)).toEqual([expect.stringContaining('"ok": true')]);
    expect(agent.store.acl.rules).toEqual([{ ...rule, serial: 'SIM-ACM-1', promptOnOpen: false, profile: OPERATOR }, rule]);
    agent.say(1, Op.Close, 1);
    await agent.heard(1);
    agent.say(1, Op.Open, 0, { ...BOARD, ...V2 });
    expect(await agent.heard(1)).toEqual([expect.stringContaining('"ok": true')]);
    expect(await agent.asked()).toEqual([]);
  });

  it('U3.3: a remembered no refuses from then on', async () => {
    const { agent, answer } = await asking();
    answer(false, true);
    await agent.heard(1);
    agent.say(1, Op.Open, 0, { ...BOARD, ...V2 });
    expect(await agent.heard(1)).toEqual([expect.stringContaining('"ok": false')]);
    expect(await agent.asked()).toEqual([]);
  });

  it('design §5: a rule that denies meanwhile beats a yes', async () => {
    const { agent, answer } = await asking();
    await agent.store.change((acl) => ({ ...acl, rules: [{ ...rule, allow: false }] }));
    answer(true);
    expect(await agent.heard(1)).toEqual(['3 0 {"ok": false, "error": "denied by ACL policy"}']);
    expect(agent.claims.all()).toEqual([]);
  });

  it('U3.5, A7: question, answer and decision are recorded with viewer and profile', async () => {
    const { agent, answer } = await asking();
    answer(true, true);
    await agent.heard(1);
    const who = { viewer: LAPTOP, viewerName: 'Laptop', profile: 'operator', vendorId: '1209', productId: '0001', serial: 'SIM-ACM-1' };
    expect(agent.audited).toEqual([
      { event: 'usb_prompt', detail: 'rule 1 (Workbench)', ...who },
      { event: 'usb_prompt_answered', detail: 'allowed, remembered', ...who },
      {
        event: 'usb_acl_add',
        detail: 'allow, from an answer',
        vendorId: '1209',
        productId: '0001',
        serial: 'SIM-ACM-1',
        profile: 'operator',
      },
      { event: 'usb_open_allowed', detail: 'rule 1 (Workbench); the operator allowed it', claim: 1, ...who },
    ]);
  });
});

describe('where nobody can be asked', () => {
  it('U3.3: a rule that asks denies, and says so', async () => {
    const agent = await LinkBench.withRules(ASKS);
    const applicant = { viewer: 'stdio', viewerName: 'stdio', profile: OPERATOR };
    const access = accessOf({ store: agent.store, applicant, audit: () => undefined });
    const [device] = await new SimBackend([new SerialBoard()]).list();
    if (device === undefined) throw new TypeError('a board was plugged in');
    const opened = { device, configuration: new SerialBoard().configuration, isPatient: true };
    expect(await access.decide(opened, new AbortController().signal)).toMatchObject({
      allow: false,
      reason: 'the operator has to be asked, and nobody can be',
    });
  });
});

describe('records', () => {
  it('U3.5: hold no payload and no token', async () => {
    const agent = await LinkBench.start();
    agent.attach(1);
    agent.say(1, Op.Open, 0, BOARD);
    const [opened = ''] = await agent.heard(1);
    const token = /"resume_token": "([0-9a-f]+)"/.exec(opened)?.[1] ?? 'missing';
    const secret = Buffer.from('a secret that a key gave out').toString('base64');
    agent.say(1, Op.Bulk, 1, { endpoint: 2, direction: 'out', timeout_ms: 1000, data: secret });
    agent.say(1, Op.Bulk, 1, { endpoint: 2, direction: 'out', timeout_ms: 1000, data: `${secret}?` });
    agent.say(1, Op.Resume, 0, { resume_token: 'guessed' });
    agent.say(1, Op.Close, 1);
    await agent.heard(1);
    const records = JSON.stringify(agent.audited);
    expect(agent.audited.length).toBeGreaterThan(2);
    for (const word of [token, secret, 'a secret', 'guessed']) expect(records).not.toContain(word);
  });
});

describe('devices that may do harm', () => {
  it('U3.3, design §5: the default doesn’t give them out without a question that names the risk', async () => {
    const { agent, question, answer } = await asking(BY_DEFAULT, KEY);
    expect(question?.prompt).toMatchObject({ rule: '', risks: ['security-key', 'input-device'] });
    answer(true);
    expect(await agent.heard(1)).toEqual([expect.stringContaining('"ok": true')]);
    expect(agent.audited.at(-1)?.detail).toBe('the device’s class: security-key, input-device; the operator allowed it');
  });

  it('U3.3: a device that does little harm is the default’s to give', async () => {
    const { agent, question } = await asking(BY_DEFAULT, BOARD);
    expect(question).toBeUndefined();
    expect(await agent.heard(1)).toEqual([expect.stringContaining('"ok": true')]);
  });

  it('U3.3: a rule that names the device is the operator’s answer already', async () => {
    const named = { ...rule, vendorId: '1050', productId: '0407', promptOnOpen: false };
    const { agent, question } = await asking({ default: 'deny', rules: [named] }, KEY);
    expect(question).toBeUndefined();
    expect(await agent.heard(1)).toEqual([expect.stringContaining('"ok": true')]);
  });

  it('usb-field §5: a hub among its interfaces is a hub, whatever the device says it is and whatever a rule allows', async () => {
    const key = new FidoKey();
    const configuration = key.configuration.map((byte, at) => (at === 9 + 5 ? 9 : byte)); // bInterfaceClass of the first interface
    const agent = await LinkBench.withRules(BY_DEFAULT, new SimBackend([Object.assign(key, { configuration })]));
    agent.attach(1);
    agent.say(1, Op.Open, 0, { ...KEY, ...V2 });
    expect(await agent.heard(1)).toEqual(['3 0 {"ok": false, "error": "denied by ACL policy"}']);
    expect(agent.audited.at(-1)).toMatchObject({ event: 'usb_open_denied', detail: 'a hub is never lent' });
  });

  it('ADR 0011: simulated devices without a rules file are given out without a question', async () => {
    const agent = await LinkBench.start(BY_DEFAULT);
    agent.attach(1);
    agent.say(1, Op.Open, 0, { ...KEY, ...V2 });
    expect(await agent.heard(1)).toEqual([expect.stringContaining('"ok": true')]);
  });
});
