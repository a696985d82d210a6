import type { UsbPrompt } from '@usher/sdk/api';
import { CodedError } from '@usher/sdk/node';
import { describe, expect, it } from 'vitest';
import { FakeTerminal } from '../../testing/fake-terminal.ts';
import { askOperator, type PromptsApi } from './ask-operator.ts';

function prompt(id: string, overrides: Partial<UsbPrompt> = {}): UsbPrompt {
  return {
    id,
    vendor_id: '1050',
    product_id: '0407',
    serial: null,
    manufacturer: 'Yubico',
    product: 'Key',
    bus_location: 'bus=1 addr=2',
    risks: ['security-key'],
    label: '',
    viewer: 'ab'.repeat(32),
    viewer_name: 'Laptop',
    profile: 'operator',
    profile_name: 'Host',
    since_unix: 1,
    expires_unix: Math.round(Date.now() / 1000) + 30,
    ...overrides,
  };
}

/** The questions that are open, and what was answered; each look of the asker lets the test go on. */
class Door implements PromptsApi {
  open: UsbPrompt[] = [];
  readonly answered: unknown[] = [];
  #looked: (() => void)[] = [];

  prompts(): Promise<readonly UsbPrompt[]> {
    for (const go of this.#looked.splice(0)) setImmediate(go);
    return Promise.resolve([...this.open]);
  }

  answerPrompt(id: string, answer: { allow: boolean; remember?: boolean }): Promise<void> {
    if (!this.open.some((one) => one.id === id)) return Promise.reject(new CodedError('api.not-found', 'this question is over'));
    this.open = this.open.filter((one) => one.id !== id);
    this.answered.push({ id, ...answer });
    return Promise.resolve();
  }

  async looks(times = 2): Promise<void> {
    for (let count = 0; count < times; count += 1) await new Promise<void>((resolve) => this.#looked.push(resolve));
  }
}

async function atTheTerminal(
  hasKeyboard: boolean,
  story: (door: Door, terminal: FakeTerminal, type: (line: string) => void) => Promise<void>,
) {
  const door = new Door();
  const terminal = new FakeTerminal();
  let type = (_line: string): void => undefined;
  if (hasKeyboard) {
    terminal.keyboard = {
      onLine: (listener) => {
        type = listener;
        return () => undefined;
      },
    };
  }
  const stop = new AbortController();
  const asking = askOperator(door, terminal, stop.signal, 1);
  await door.looks(1);
  await story(door, terminal, (line) => type(line));
  stop.abort();
  await asking;
  return terminal.errors.join('\n');
}

describe('U3.3: usher up asks the operator', () => {
  it.each([
    ['a', { allow: true, remember: false }, 'Lent.'],
    ['d', { allow: false, remember: false }, 'Not lent.'],
    [' AA ', { allow: true, remember: true }, 'Lent, and so it will be from now on.'],
    ['dd', { allow: false, remember: true }, 'Not lent, and so it will be from now on.'],
  ])('U3.3: “%s” answers', async (line, answer, said) => {
    const text = await atTheTerminal(true, async (door, _terminal, type) => {
      door.open.push(prompt('k1'));
      await door.looks();
      type(line);
      await door.looks();
      expect(door.answered).toEqual([{ id: 'k1', ...answer }]);
    });
    expect(text).toContain('Laptop (Host) wants Yubico Key (1050:0407); careful: security-key');
    expect(text).toContain(said);
  });

  it('U3.3: anything else is asked again, and answers nothing', async () => {
    const text = await atTheTerminal(true, async (door, _terminal, type) => {
      type('a');
      door.open.push(prompt('k1'));
      await door.looks();
      for (const line of ['yes', '', '  ']) type(line);
      await door.looks();
      expect(door.answered).toEqual([]);
    });
    expect(text.match(/a lend/g)).toHaveLength(2);
  });

  it('U3.3: one question at a time; one that is over gets no answer that was meant for it', async () => {
    const text = await atTheTerminal(true, async (door, _terminal, type) => {
      door.open.push(prompt('k1'), prompt('k2', { viewer_name: 'Tablet' }));
      await door.looks();
      door.open.shift();
      type('a');
      await door.looks();
      expect(door.answered).toEqual([]);
      await door.looks();
      type('d');
      await door.looks();
      expect(door.answered).toEqual([{ id: 'k2', allow: false, remember: false }]);
    });
    expect(text).toMatch(/Laptop.*[\s\S]*this question is over[\s\S]*Tablet/);
  });

  it('U3.3: without a keyboard it says how to answer', async () => {
    const text = await atTheTerminal(false, async (door) => {
      door.open.push(prompt('00112233aabbccdd', { product: 'Evil\u202e\u001b[2J' }));
      await door.looks();
      door.open.shift();
      await door.looks();
    });
    expect(text).toContain('usher usb answer 00112233aabbccdd allow|deny [--remember]');
    expect(text).toContain('That question is over.');
    expect(text.includes('\u001b') || text.includes('\u202e')).toBe(false);
  });

  it('U3.3: a host that doesn’t answer is asked again', async () => {
    const door = new Door();
    const terminal = new FakeTerminal();
    let fails = true;
    const api: PromptsApi = {
      prompts: () => (fails ? Promise.reject(new CodedError('host.unreachable', 'gone')) : door.prompts()),
      answerPrompt: (id, answer) => door.answerPrompt(id, answer),
    };
    const stop = new AbortController();
    const asking = askOperator(api, terminal, stop.signal, 1);
    door.open.push(prompt('k1'));
    fails = false;
    await door.looks();
    stop.abort();
    await asking;
    expect(terminal.errors.join('\n')).toContain('Laptop');
  });
});
