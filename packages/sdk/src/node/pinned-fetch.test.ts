import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificate, type NodeCertificate } from './certificate.ts';
import { pinnedFetch } from './pinned-fetch.ts';

let own: NodeCertificate;
let server: Server;
let url = '';
const asked: { readonly method: string | undefined; readonly authorization: string | undefined; readonly body: string }[] = [];

beforeEach(async () => {
  asked.length = 0;
  own = await makeCertificate();
  server = createServer({ cert: own.certificatePem, key: own.keyPem }, (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      asked.push({ method: request.method, authorization: request.headers.authorization, body });
      if (request.url === '/nothing') response.writeHead(204).end();
      else if (request.url === '/large') response.end(Buffer.alloc(5 * 1024 * 1024));
      else response.writeHead(429, { 'retry-after': '3', 'content-type': 'application/json' }).end('{"a":1}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP, so the address is one
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const headers = { authorization: 'Bearer secret' };

describe('the API of one’s own host', () => {
  it('P8.1: the pinned certificate is believed, whatever name it carries', async () => {
    const response = await pinnedFetch(own.certificatePem)(`${url}/x`, { method: 'POST', body: '{"b":2}', headers });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await response.json()).toEqual({ a: 1 });
    expect(asked).toEqual([{ method: 'POST', authorization: 'Bearer secret', body: '{"b":2}' }]);
  });

  it('P8.1: an answer without a body has none', async () => {
    const response = await pinnedFetch(own.certificatePem)(`${url}/nothing`);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
  });

  it('P8.1: another certificate is refused before the token is sent', async () => {
    const other = await makeCertificate();
    await expect(pinnedFetch(other.certificatePem)(`${url}/x`, { headers })).rejects.toMatchObject({ code: 'pairing.host-changed' });
    expect(asked).toEqual([]);
  });

  it('P8.1: an answer without end is cut off', async () => {
    await expect(pinnedFetch(own.certificatePem)(`${url}/large`)).rejects.toMatchObject({ code: 'frame.oversized' });
  });

  it('P8.1: a host that isn’t there is unreachable', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(pinnedFetch(own.certificatePem)(`${url}/x`)).rejects.toMatchObject({ code: 'host.unreachable' });
    server = createServer().listen(0, '127.0.0.1');
  });

  it('P8.1: an abort is the caller’s own', async () => {
    await expect(pinnedFetch(own.certificatePem)(`${url}/x`, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
