import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readsOrFailsByCode } from '../testing/codec-properties.ts';
import { codeOf } from '../testing/vector-suite.ts';
import { fromHex, utf8 } from './bytes.ts';
import { Reader } from './read.ts';

const sample = Reader.of(
  {
    text: 'abc',
    empty: '',
    yes: true,
    count: 3,
    nothing: null,
    word: 'out',
    child: { name: 'x' },
    items: [{ n: 1 }, { n: 2 }],
    tags: ['a', 'b'],
  },
  'it',
);

describe('Reader', () => {
  it('reads each kind of field', () => {
    expect(sample.string('text')).toBe('abc');
    expect(sample.boolean('yes')).toBe(true);
    expect(sample.integer('count', 3, 3)).toBe(3);
    expect(sample.word('word', ['in', 'out'])).toBe('out');
    expect(sample.object('child').string('name')).toBe('x');
    expect(sample.list('items', 2, (item) => item.integer('n', 0, 9))).toEqual([1, 2]);
    expect(sample.strings('tags', 2)).toEqual(['a', 'b']);
    expect(sample.raw('items')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('takes null and absence as the same', () => {
    expect([sample.has('nothing'), sample.has('missing'), sample.has('empty')]).toEqual([false, false, true]);
    expect(sample.optionalString('nothing')).toBeUndefined();
    expect(sample.optionalBoolean('missing')).toBeUndefined();
    expect(sample.optionalInteger('missing', 0, 1)).toBeUndefined();
    expect(sample.optionalString('text')).toBe('abc');
    expect(sample.optionalBoolean('yes')).toBe(true);
    expect(sample.optionalInteger('count', 0, 9)).toBe(3);
  });

  it('knows every name, and only the own ones', () => {
    expect(Reader.json('{"a":1,"__proto__":2}', 'it').names()).toEqual(['a', '__proto__']);
    const plain = Reader.of({}, 'it');
    expect([plain.has('toString'), plain.raw('constructor')]).toEqual([false, undefined]);
    expect(Reader.json('{"__proto__":{"admin":true}}', 'it').has('admin')).toBe(false);
  });

  it.each<[string, (reader: Reader) => unknown]>([
    ['it.count: expected a string', (it) => it.string('count')],
    ['it.missing: expected a string', (it) => it.string('missing')],
    ['it.text: longer than 2 characters', (it) => it.string('text', 2)],
    ['it.text: expected true or false', (it) => it.boolean('text')],
    ['it.text: expected a whole number from 0 to 9', (it) => it.integer('text', 0, 9)],
    ['it.count: expected a whole number from 0 to 2', (it) => it.integer('count', 0, 2)],
    ['it.count: expected a whole number from 4 to 9', (it) => it.integer('count', 4, 9)],
    ['it.text: expected one of in, out', (it) => it.word('text', ['in', 'out'])],
    ['it.text: expected an object', (it) => it.object('text')],
    ['it.tags: expected an object', (it) => it.object('tags')],
    ['it.nothing: expected an object', (it) => it.object('nothing')],
    ['it.child: expected a list', (it) => it.list('child', 9, () => 1)],
    ['it.items: more than 1 items', (it) => it.list('items', 1, () => 1)],
    ['it.tags[0]: expected an object', (it) => it.list('tags', 9, () => 1)],
    ['it.items[1].n: expected a string', (it) => it.list('items', 9, (item) => (item.raw('n') === 2 ? item.string('n') : ''))],
    ['it.items: expected strings', (it) => it.strings('items', 9)],
    ['it.tags: an item is longer than 0 characters', (it) => it.strings('tags', 9, 0)],
    ['it.child.name: expected true or false', (it) => it.object('child').boolean('name')],
  ])('complains with the path: %s', (complaint, read) => {
    expect(() => read(sample)).toThrow(complaint);
    expect(codeOf(() => read(sample))).toBe('message.malformed');
  });

  it.each(['0.5', '1e999', '-1', '"1"', 'true', '[1]'])('%s is no whole number from 0 up', (number) => {
    expect(codeOf(() => Reader.json(`{"n":${number}}`, 'it').integer('n', 0, 9))).toBe('message.malformed');
  });

  it.each<[string, string | Uint8Array]>([
    ['it: not JSON', '{'],
    ['it: not JSON', '{"a":NaN}'],
    ['it: not JSON', '\ufeff{}'],
    ['it: expected an object', '[]'],
    ['it: expected an object', 'null'],
    ['it: expected an object', '"text"'],
    ['it: not UTF-8', fromHex('ff')],
  ])('%s', (complaint, input) => {
    expect(() => Reader.json(input, 'it')).toThrow(new RegExp(`^${complaint}$`));
  });

  it('never quotes what was sent', () => {
    expect(() => Reader.json('{"passcode":hunter2}', 'it')).toThrow(/^it: not JSON$/);
    expect(() => Reader.json('{"passcode":"hunter2"}', 'it').integer('passcode', 0, 1)).toThrow(/^((?!hunter2).)*$/);
  });

  it.each([
    [15, 'nothing was refused'],
    [16, 'message.malformed'],
    [100_000, 'message.malformed'],
  ])('nesting: an object around %i lists → %s', (depth, code) => {
    expect(codeOf(() => Reader.json(`{"a":${'['.repeat(depth)}1${']'.repeat(depth)}}`, 'it'))).toBe(code);
  });

  it('reads bytes as UTF-8', () => {
    expect(Reader.json(utf8('{"a":"ä"}'), 'it').string('a')).toBe('ä');
  });

  it('takes any JSON and any text, or fails by code', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.object().map((value) => JSON.stringify(value)),
        ),
        (text) => {
          readsOrFailsByCode(() => {
            const reader = Reader.json(text, 'it');
            for (const name of reader.names()) {
              for (const read of [
                () => reader.string(name),
                () => reader.boolean(name),
                () => reader.integer(name, 0, 9),
                () => reader.word(name, ['a']),
                () => reader.object(name),
                () => reader.list(name, 3, (item) => item.names()),
                () => reader.strings(name, 3),
              ]) {
                readsOrFailsByCode(read);
              }
            }
          });
        },
      ),
    );
  });
});
