import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { concat, envelope } from '@usher/protocol';
import { expect, it } from 'vitest';
import { writeEnvelope } from './envelope-output.ts';

const ONE = Uint8Array.of(1);
const TWO = Uint8Array.of(2, 2);
const THREE = Uint8Array.of(3);

it('A1: what is written in one turn of the event loop leaves in one write, whole and in order', async () => {
  const writes: Uint8Array[] = [];
  const output = new Writable({
    writev: (chunks, done) => {
      writes.push(concat(chunks.map(({ chunk }) => chunk as Uint8Array))); // the stream has no encoding
      done();
    },
  });
  writeEnvelope(output, ONE);
  await Promise.resolve(); // a promise that settles in between is still the same turn
  writeEnvelope(output, TWO);
  expect(writes).toEqual([]);
  await nextTurn();
  writeEnvelope(output, THREE);
  await nextTurn();
  expect(writes.map((bytes) => Buffer.from(bytes))).toEqual([
    Buffer.from(concat([envelope(ONE), envelope(TWO)])),
    Buffer.from(envelope(THREE)),
  ]);
});

it('A1: what was written just before the end still leaves', async () => {
  const writes: Uint8Array[] = [];
  const output = new Writable({
    writev: (chunks, done) => {
      writes.push(...chunks.map(({ chunk }) => chunk as Uint8Array)); // the stream has no encoding
      done();
    },
  });
  writeEnvelope(output, ONE);
  await new Promise<void>((resolve) => output.end(resolve));
  expect(concat(writes)).toEqual(envelope(ONE));
});
