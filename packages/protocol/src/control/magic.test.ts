import { describe, expect, it } from 'vitest';
import { fromHex } from '../bytes.ts';
import { MessageType, messageKind } from './magic.ts';

describe('messageKind', () => {
  it.each([
    ['C3', 'PKF1 is positional: Hello one way, Welcome the other', '504b4631', 'positional'],
    ['C3', 'PKFc shows its type', '504b466340', MessageType.ListProfiles],
    ['C12', 'a type of a later version is a type too', '504b4663f0', 0xf0],
    ['C7', 'PKFc without a type is nothing', '504b4663', undefined],
    ['C7', 'three bytes are nothing', '504b46', undefined],
    ['C7', 'another magic is nothing', '504b463200', undefined],
  ] as const)('%s: %s', (_rule, _name, hex, kind) => {
    expect(messageKind(fromHex(hex))).toBe(kind);
  });

  it('C7: looks at its own part of a larger buffer', () => {
    expect(messageKind(fromHex('ffffff504b466340').subarray(3))).toBe(MessageType.ListProfiles);
  });

  it('C1: no two types share a byte', () => {
    expect(new Set(Object.values(MessageType)).size).toBe(Object.keys(MessageType).length);
  });
});
