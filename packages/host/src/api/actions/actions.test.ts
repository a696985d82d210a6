import { readFile } from 'node:fs/promises';
import { CodedError } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { actionsText } from '../../../testing/actions-text.ts';
import { action } from './action.ts';
import { pythonLiteral } from './python-literal.ts';
import { runActions } from './run-actions.ts';
import { USB_ACTIONS } from './usb-actions.ts';

/** Every command that AutoControl has for USB (facts/usb-wire.md §15.2). */
const COMMANDS = [
  'AC_list_usb_devices',
  ...['watch_start', 'watch_stop', 'recent_events', 'passthrough_enable', 'passthrough_status', 'acl_list', 'acl_add', 'acl_remove'],
  ...['acl_set_default', 'acl_export', 'acl_import', 'loopback_list', 'loopback_open', 'remote_list', 'remote_open'],
].map((name) => (name.startsWith('AC_') ? name : `AC_usb_${name}`));

describe('the table of actions', () => {
  it('U5.3: has AutoControl’s sixteen, and its ten tools', () => {
    expect(USB_ACTIONS.map(({ name }) => name)).toEqual(COMMANDS);
    expect(USB_ACTIONS.filter(({ isTool }) => isTool)).toHaveLength(10);
  });

  it('U5.2: what names a file of the host has no REST twin and is no tool', () => {
    const local = USB_ACTIONS.filter(({ right }) => right === 'here');
    expect(local.map(({ name }) => name)).toEqual(['AC_usb_acl_export', 'AC_usb_acl_import']);
    for (const { route, isTool } of local) expect([route, isTool]).toEqual([undefined, false]);
  });

  it('U5.3: is what docs/actions.json says; if not, run npm run generate', async () => {
    expect(await readFile(new URL('../../../../../docs/actions.json', import.meta.url), 'utf8')).toBe(actionsText());
  });
});

const TABLE = [
  action({
    name: 'AC_add',
    summary: 'adds',
    readOnly: true,
    input: z.strictObject({ one: z.int(), other: z.int().default(1) }),
    output: z.object({ sum: z.int() }),
    perform: (asked: unknown[], { one, other }) => {
      asked.push([one, other]);
      if (one < 0) throw new CodedError('usb.denied', 'no');
      return { sum: one + other };
    },
    recorded: ({ sum }) => sum,
  }),
  action({
    name: 'AC_file',
    summary: 'writes',
    right: 'here',
    readOnly: false,
    input: z.strictObject({}),
    output: z.object({}),
    perform: (asked: unknown[]) => {
      asked.push('file');
      return {};
    },
  }),
];

describe('a run of an action file', () => {
  it('U5.3: takes parameters by name, in order, or none; a failure is a result, and the rest goes on', async () => {
    const asked: unknown[] = [];
    const run = await runActions(TABLE, [['AC_add', { one: 2 }], ['AC_add', [-1]], ['AC_add'], ['AC_add', [3, 4]]], asked, 'anywhere');
    expect(asked).toEqual([
      [2, 1],
      [-1, 1],
      [3, 4],
    ]);
    expect(run).toEqual({
      ok: false,
      results: [
        { action: 'AC_add', ok: true, result: 3 },
        { action: 'AC_add', ok: false, error: { code: 'usb.denied', message: 'no' } },
        { action: 'AC_add', ok: false, error: { code: 'message.malformed', message: expect.stringContaining('AC_add.one') as unknown } },
        { action: 'AC_add', ok: true, result: 7 },
      ],
      record: {
        "execute: ['AC_add', {'one': 2}]": 3,
        "execute: ['AC_add', [-1]]": 'usb.denied: no',
        "execute: ['AC_add']": expect.stringContaining('message.malformed') as unknown,
        "execute: ['AC_add', [3, 4]]": 7,
      },
    });
  });

  it.each([
    ['nothing', undefined],
    ['an empty list', []],
    ['another key', { actions: [['AC_add', [1]]] }],
    ['too many', Array.from({ length: 257 }, () => ['AC_add', [1]])],
    ['an action that is no list', [['AC_add', [1]], 'AC_add']],
    [
      'an unknown one',
      [
        ['AC_add', [1]],
        ['AC_sub', [1]],
      ],
    ],
    [
      'parameters of no kind',
      [
        ['AC_add', [1]],
        ['AC_add', 1],
      ],
    ],
    [
      'too many parameters',
      [
        ['AC_add', [1]],
        ['AC_add', [1, 2, 3]],
      ],
    ],
    [
      'a third part',
      [
        ['AC_add', [1]],
        ['AC_add', [1], 2],
      ],
    ],
  ])('U5.3: %s is refused, and nothing is done', async (_what, file) => {
    const asked: unknown[] = [];
    await expect(runActions(TABLE, file, asked, 'here')).rejects.toMatchObject({ code: 'message.malformed' });
    expect(asked).toEqual([]);
  });

  it('U5.2: what takes the local socket is refused elsewhere, and nothing is done', async () => {
    const asked: unknown[] = [];
    const file = [['AC_add', [1]], ['AC_file']];
    await expect(runActions(TABLE, file, asked, 'anywhere')).rejects.toMatchObject({ code: 'api.forbidden-action' });
    expect(asked).toEqual([]);
    expect((await runActions(TABLE, { auto_control: file }, asked, 'here')).ok).toBe(true);
  });
});

it.each([
  [['AC_x', { a: true, b: null, c: [1, 2.5, 'x'] }], "['AC_x', {'a': True, 'b': None, 'c': [1, 2.5, 'x']}]"],
  ["it's", '"it\'s"'],
  ['a "b" \'c\'', "'a \"b\" \\'c\\''"],
  ['tab\tline\nback\\', "'tab\\tline\\nback\\\\'"],
  ['\u0007\u202e\u{e0001}ß', "'\\x07\\u202e\\U000e0001ß'"],
  [{}, '{}'],
])('U5.3: %j is written as Python writes it', (value, expected) => expect(pythonLiteral(value)).toBe(expected));
