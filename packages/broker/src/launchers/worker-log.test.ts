import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readWorkerLog } from './worker-log.ts';

async function heardOf(...chunks: readonly string[]): Promise<string[]> {
  const stream = new PassThrough();
  const heard: string[] = [];
  readWorkerLog(stream, (line) => heard.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await new Promise((resolve) => stream.once('close', resolve));
  return heard;
}

describe("a worker's log in zone 0", () => {
  it('P6.9: is cut into lines, whatever pieces it arrives in', async () => {
    expect(await heardOf('one\ntw', 'o\n\nthree')).toEqual(['one', 'two', 'three']);
  });

  it('P6.9: has no line that could pass for another, or move a terminal', async () => {
    expect(await heardOf('a\r\u001b[2Jb\u0000c\u202ed\n')).toEqual(['a??[2Jb?c?d']);
  });

  it('P6.9: has no line without end', async () => {
    const [line = '', next] = await heardOf('x'.repeat(5000), 'x'.repeat(5000), '\nnext\n');
    expect(line.length).toBe(1000);
    expect(next).toBe('next');
  });

  it('P6.9: does not fill up', async () => {
    expect((await heardOf('noise\n'.repeat(10_000))).length).toBe(300);
  });
});
