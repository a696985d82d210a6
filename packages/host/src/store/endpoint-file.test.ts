import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporaryDirectory, recordingLog } from '../../testing/test-api.ts';
import { publishEndpoint } from './endpoint-file.ts';

const URL_ = 'https://127.0.0.1:4242/';

describe('endpoint.json', () => {
  it('design §6: is there while the host listens, for its owner alone', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'endpoint.json');
      {
        await using _endpoint = await publishEndpoint(directory, URL_, recordingLog().log);
        expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ version: 1, url: URL_, pid: process.pid });
        expect((await stat(path)).mode & 0o777).toBe(0o600);
      }
      expect(await readdir(directory)).toEqual([]);
    });
  });

  it('design §6: takes the place of what a killed host left, and leaves what isn’t its own', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'endpoint.json');
      await writeFile(path, '{"version":1,"url":"https://127.0.0.1:1/","pid":1}');
      const endpoint = await publishEndpoint(directory, URL_, recordingLog().log);
      expect(await readFile(path, 'utf8')).toContain('4242');
      await writeFile(path, 'another');
      await endpoint[Symbol.asyncDispose]();
      expect(await readFile(path, 'utf8')).toBe('another');
    });
  });

  it('P1.2: a disk that can’t take it is told, and the host goes on', async () => {
    const { log, lines } = recordingLog();
    await using _endpoint = await publishEndpoint('/nonexistent/usher', URL_, log);
    expect(lines.join('\n')).toContain('endpoint.json can’t be written');
  });
});
