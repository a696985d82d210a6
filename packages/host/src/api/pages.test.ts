import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi } from '../../testing/test-api.ts';
import type { Api } from './parts.ts';

let directory: string;
let api: Api;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-pages-'));
  const webRoot = join(directory, 'dist');
  await mkdir(join(webRoot, 'assets'), { recursive: true });
  await writeFile(join(directory, 'secret.txt'), 'not for the web');
  await writeFile(join(webRoot, 'index.html'), 'the viewer');
  await writeFile(join(webRoot, 'console.html'), 'the console');
  await writeFile(join(webRoot, 'icon.svg'), '<svg/>');
  await writeFile(join(webRoot, '.hidden'), 'not for the web');
  await writeFile(join(webRoot, 'assets', 'viewer-1a2b.js'), 'script');
  api = await testApi({ webRoot });
});
afterAll(async () => {
  await api.close();
  await rm(directory, { recursive: true, force: true });
});

describe('the pages', () => {
  it.each([
    ['/', 'the viewer', 'text/html', 'no-cache'],
    ['/?host=1', 'the viewer', 'text/html', 'no-cache'],
    ['/console', 'the console', 'text/html', 'no-cache'],
    ['/console/devices', 'the console', 'text/html', 'no-cache'],
    ['/console/devices/deeper', 'the console', 'text/html', 'no-cache'],
    ['/icon.svg', '<svg/>', 'image/svg+xml', 'no-cache'],
    ['/assets/viewer-1a2b.js', 'script', 'application/javascript', 'public, max-age=31536000, immutable'],
  ])('design §6: %s is %s', async (url, body, type, caching) => {
    const reply = await api.inject(url);
    expect([reply.statusCode, reply.body, reply.headers['cache-control']]).toEqual([200, body, caching]);
    expect(reply.headers['content-type']).toContain(type);
  });

  it.each([
    '/index.html',
    '/console.html',
    '/missing.js',
    '/assets/missing.js',
    '/assets/',
    '/.hidden',
    '/assets/../../secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%00',
  ])('design §6: %s is not there', async (url) => {
    const reply = await api.inject(url);
    expect(reply.statusCode).toBeGreaterThanOrEqual(400);
    expect(reply.statusCode).toBeLessThan(500);
    expect(reply.body).not.toContain('not for the web');
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.headers['cache-control']).toBe('no-store');
  });

  it('design §6: a host without a build says so in words', async () => {
    const bare = await testApi({ webRoot: join(directory, 'nowhere') });
    const reply = await bare.inject('/');
    await bare.close();
    expect(reply.statusCode).toBe(503);
    expect(reply.body).toContain('npm run build');
  });
});

describe('the headers of every answer (design §3)', () => {
  it.each(['/', '/console', '/assets/viewer-1a2b.js', '/healthz', '/nothing', '/api/v1/host'])('P8.1: %s', async (url) => {
    const { headers } = await api.inject(url);
    const policy = new Map(
      String(headers['content-security-policy'])
        .split('; ')
        .map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]),
    );
    expect(Object.fromEntries(policy)).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
    });
    expect(String(headers['content-security-policy'])).not.toContain('unsafe');
    expect(headers['permissions-policy']).toContain('fullscreen=(self), microphone=(self)');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});
