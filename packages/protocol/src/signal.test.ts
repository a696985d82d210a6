import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprints } from '../testing/arbitraries.ts';
import { readsOrFailsByCode } from '../testing/codec-properties.ts';
import { codeOf } from '../testing/vector-suite.ts';
import { displayFingerprint, fingerprint } from './ids.ts';
import { Reader } from './read.ts';
import { decodeHostSignal, decodeViewerSignal, deviceKeyStatement, MAX_SIGNAL_MESSAGE, sdpFingerprint } from './signal.ts';

const file = Reader.json(readFileSync(new URL('../vectors/signal.json', import.meta.url)), 'signal.json');
const accepted = file.list('accepted', 100, (item) => ({ ...readVector(item), value: item.raw('value') }));
const refused = file.list('refused', 100, (item) => ({ ...readVector(item), code: item.string('code') }));

function readVector(item: Reader) {
  const from = item.word('from', ['viewer', 'host']);
  return {
    name: item.string('name'),
    rule: item.string('rule'),
    from,
    text: item.string('text', MAX_SIGNAL_MESSAGE),
    decode: from === 'viewer' ? decodeViewerSignal : decodeHostSignal,
  };
}

describe('vectors/signal.json', () => {
  it.each(accepted)('$rule: $from: $name', ({ text, value, decode }) => {
    expect(decode(text)).toEqual(value);
    expect(decode(JSON.stringify(value))).toEqual(value);
  });

  it.each(refused)('$rule: $from: $name → $code', ({ text, code, decode }) => {
    expect(codeOf(() => decode(text))).toBe(code);
  });
});

describe('signalling', () => {
  it('S2: an SDP is no longer than a message may be', () => {
    const offer = (length: number) => JSON.stringify({ type: 'offer', peer: 'session', sdp: 'v'.repeat(length) });
    expect(decodeViewerSignal(offer(MAX_SIGNAL_MESSAGE))).toMatchObject({ type: 'offer' });
    expect(codeOf(() => decodeViewerSignal(offer(MAX_SIGNAL_MESSAGE + 1)))).toBe('message.malformed');
  });

  it('S2: any JSON, and any text, reads or fails by code', () => {
    const almost = fc.record({
      type: fc.constantFrom('offer', 'candidate', 'hello', 'answer', 'refused'),
      peer: fc.oneof(fc.constantFrom('session', 'bulk'), fc.jsonValue()),
      sdp: fc.jsonValue(),
      key: fc.jsonValue(),
      candidate: fc.jsonValue(),
      mid: fc.jsonValue(),
      version: fc.jsonValue(),
      fingerprint: fc.oneof(fingerprints, fc.jsonValue()),
      nonce: fc.jsonValue(),
      iceServers: fc.jsonValue(),
      code: fc.jsonValue(),
      message: fc.jsonValue(),
      retrySeconds: fc.jsonValue(),
    });
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      almost.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        readsOrFailsByCode(() => decodeViewerSignal(text));
        readsOrFailsByCode(() => decodeHostSignal(text));
      }),
    );
  });
});

describe('deviceKeyStatement', () => {
  it('S5: is four lines: what it is, the nonce, the host, the device', () => {
    const [host, device] = [fingerprint('aa'.repeat(32)), fingerprint('bb'.repeat(32))];
    expect(deviceKeyStatement('q83v', host, device)).toBe(`usher-device-key-v1\nq83v\n${'aa'.repeat(32)}\n${'bb'.repeat(32)}`);
  });
});

describe('sdpFingerprint', () => {
  const one = fingerprint('ab'.repeat(32));
  const other = fingerprint('cd'.repeat(32));
  const line = (of: typeof one, hash = 'sha-256') => `a=fingerprint:${hash} ${displayFingerprint(of)}`;

  it.each([
    ['at session level', `v=0\r\n${line(one)}\r\nm=audio 9\r\n`],
    ['the same in every section', `v=0\r\n${line(one)}\r\nm=audio 9\r\n${line(one)}\r\n`],
    ['in lower case, with the hash in upper case', `v=0\r\na=fingerprint:SHA-256 ${displayFingerprint(one).toLowerCase()}\r\n`],
    ['with bare line feeds', `v=0\n${line(one)}\nm=audio 9`],
    ['as the last line without an end', `v=0\r\n${line(one)}`],
    ['with spaces behind it', `v=0\r\n${line(one)}  \r\n`],
  ])('S4: is found %s', (_where, sdp) => {
    expect(sdpFingerprint(sdp)).toBe(one);
  });

  it.each([
    ['none', 'v=0\r\nm=audio 9\r\n'],
    ['two that differ', `v=0\r\n${line(one)}\r\nm=audio 9\r\n${line(other)}\r\n`],
    ['another hash', `v=0\r\n${line(one, 'sha-1')}\r\n`],
    ['another hash beside the right one', `v=0\r\n${line(one)}\r\n${line(other, 'sha-512')}\r\n`],
    ['one digit short', `v=0\r\n${line(one).slice(0, -1)}\r\n`],
    ['no digits', 'v=0\r\na=fingerprint:sha-256 \r\n'],
    ['another behind a bare carriage return', `v=0\r\n${line(one)}\r${line(other)}\r\n`],
    ['another in upper case', `v=0\r\n${line(one)}\r\n${line(other).toUpperCase()}\r\n`],
  ])('S4: %s is refused', (_what, sdp) => {
    expect(codeOf(() => sdpFingerprint(sdp))).toBe('message.malformed');
  });

  it('S4: any fingerprint that an SDP may name is read, any other text fails by code', () => {
    fc.assert(
      fc.property(fingerprints, (value) => {
        expect(sdpFingerprint(`v=0\r\n${line(value)}\r\n`)).toBe(value);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => readsOrFailsByCode(() => sdpFingerprint(`a=fingerprint:${text}`))));
  });
});
