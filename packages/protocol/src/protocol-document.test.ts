import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readVectors } from '../testing/vectors.ts';
import { toHex } from './bytes.ts';
import { Reader } from './read.ts';

const ROOT = new URL('../../../', import.meta.url);
const document = read('docs/protocol.md');
const rules = [...document.matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map((match) => match[1]);
const shown = [...document.matchAll(/Vector "([^"]+)":\s+`([0-9a-f ]+)`/g)].map(([, name, hex]) => ({
  name,
  hex: hex?.replaceAll(' ', ''),
}));
const BINARY = ['control', 'input', 'relay', 'broker', 'agent-link', 'usb-v2', 'usb-v2-operations'] as const;
const vectors = BINARY.flatMap((name) => readVectors(name).exact);

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** Every source of ours, tests included: paths from the root. */
function sources(): readonly string[] {
  const places = readdirSync(new URL('packages/', ROOT)).flatMap((name) => [`packages/${name}/src`, `packages/${name}/testing`]);
  return [...places, 'tests', 'scripts', 'bench']
    .filter((place) => existsSync(new URL(place, ROOT)))
    .flatMap((place) => readdirSync(new URL(place, ROOT), { recursive: true, encoding: 'utf8' }).map((name) => `${place}/${name}`))
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path));
}

/**
 * The ids behind the word "rule" (`rule C2`, `rules C2, F3`, `rules A1–A5`: its ends) and in front of a test's title (`it('C2: …'`).
 * Ids with a dot are requirements.
 */
function citedRules(text: string): readonly string[] {
  const inWords = [...text.matchAll(/\brules? ((?:[A-Z]\d+(?![\d.])(?:–|, | and )?)+)/g)].map((match) => match[1] ?? '');
  const inTitles = [...text.matchAll(/['"`]((?:[A-Z]\d+(?:, |–)?)+): /g)].map((match) => match[1] ?? '');
  return [...inWords, ...inTitles].flatMap((ids) => ids.match(/[A-Z]\d+/g) ?? []);
}

describe('docs/protocol.md', () => {
  it('gives every rule once', () => {
    expect(rules.length).toBeGreaterThan(50);
    expect(new Set(rules).size).toBe(rules.length);
  });

  it('has every rule that a source cites', () => {
    const missing = sources().flatMap((path) =>
      citedRules(read(path))
        .filter((rule) => !rules.includes(rule))
        .map((rule) => `${path}: rule ${rule}`),
    );
    expect(missing).toEqual([]);
  });

  it('has every rule that a vector shows', () => {
    const signal = Reader.json(read('packages/protocol/vectors/signal.json'), 'signal');
    const texts = ['accepted', 'refused'].flatMap((name) => signal.list(name, 100, (item) => item.string('rule')));
    const binary = BINARY.flatMap((name) => {
      const { exact, accepted, refused } = readVectors(name);
      return [...exact, ...accepted, ...refused].map((vector) => vector.rule);
    });
    for (const rule of [...texts, ...binary]) expect(rules).toContain(rule);
  });

  it.each(shown)('shows the vector "$name" as the file has it', ({ name, hex }) => {
    expect(vectors.filter((vector) => vector.name === name).map((vector) => toHex(vector.bytes))).toContain(hex);
  });

  it('shows a vector of every message of the control channel', () => {
    const messages = new Set(readVectors('control').exact.map((vector) => vector.message));
    const names = shown.map((vector) => vector.name);
    for (const message of messages) {
      expect(
        vectors.filter((vector) => vector.message === message).some((vector) => names.includes(vector.name)),
        message,
      ).toBe(true);
    }
  });
});
