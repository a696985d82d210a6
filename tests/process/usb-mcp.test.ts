import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { Reader } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostProcess } from '../harness/host-process.ts';

const ANSWERS_WITHIN_MS = 20_000;

/** `usher mcp` as a program that speaks MCP starts it. */
class McpClient implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers = new Map<number, (answer: Reader) => void>();
  #lastId = 0;

  constructor(args: readonly string[]) {
    this.#process = spawn(process.execPath, ['packages/cli/dist/main.js', 'mcp', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      const answer = Reader.json(line, 'answer');
      this.#answers.get(answer.integer('id', 0, 1e6))?.(answer);
    });
  }

  async begin(): Promise<Reader> {
    const answer = await this.ask('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'a test', version: '1' },
    });
    this.#say({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return answer;
  }

  async ask(method: string, params: unknown): Promise<Reader> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${method}`)), ANSWERS_WITHIN_MS);
      this.#answers.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#say({ jsonrpc: '2.0', id, method, params });
    });
  }

  async call(name: string, args: unknown = {}): Promise<{ readonly isError: boolean; readonly text: string }> {
    const result = (await this.ask('tools/call', { name, arguments: args })).object('result');
    const [text = ''] = result.list('content', 1, (content) => content.string('text', 100_000));
    return { isError: result.optionalBoolean('isError') ?? false, text };
  }

  /** Ends standard input, and gives the exit code. */
  async end(): Promise<number | null> {
    if (this.#process.exitCode !== null) return this.#process.exitCode;
    const ended = new Promise<number | null>((resolve) => this.#process.once('exit', resolve));
    this.#process.stdin.end();
    return ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  #say(message: unknown): void {
    this.#process.stdin.write(`${JSON.stringify(message)}\n`);
  }
}

let host: HostProcess;
beforeAll(async () => {
  host = await HostProcess.start({ args: ['--usb-backend', 'sim'] });
});
afterAll(() => host[Symbol.asyncDispose]());

const where = () => ['--home', host.home, '--url', host.url];

describe('U5.4: the ten tools', () => {
  it('U5.4: are listed with their JSON Schema and what they change', async () => {
    await using client = new McpClient(where());
    expect((await client.begin()).object('result').object('serverInfo').string('name')).toBe('usher');
    const tools = (await client.ask('tools/list', {})).object('result').list('tools', 32, (tool) => ({
      name: tool.string('name'),
      required: tool.object('inputSchema').raw('required') ?? [],
      properties: tool.object('inputSchema').object('properties').names(),
      readOnly: tool.object('annotations').boolean('readOnlyHint'),
    }));
    const device = ['vendor_id', 'product_id'];
    expect(tools).toEqual([
      { name: 'ac_usb_passthrough_enable', required: [], properties: ['enabled'], readOnly: false },
      { name: 'ac_usb_passthrough_status', required: [], properties: [], readOnly: true },
      { name: 'ac_usb_acl_list', required: [], properties: [], readOnly: true },
      {
        name: 'ac_usb_acl_add',
        required: device,
        properties: [...device, 'serial', 'allow', 'prompt_on_open', 'label', 'profile'],
        readOnly: false,
      },
      { name: 'ac_usb_acl_remove', required: device, properties: [...device, 'serial'], readOnly: false },
      { name: 'ac_usb_acl_set_default', required: ['policy'], properties: ['policy'], readOnly: false },
      { name: 'ac_usb_loopback_list', required: [], properties: [], readOnly: true },
      { name: 'ac_usb_loopback_open', required: device, properties: [...device, 'serial'], readOnly: false },
      { name: 'ac_usb_remote_list', required: [], properties: [], readOnly: true },
      { name: 'ac_usb_remote_open', required: device, properties: [...device, 'serial'], readOnly: false },
    ]);
  });

  it('U5.4: a read-only server keeps the four that change nothing and open nothing', async () => {
    await using client = new McpClient([...where(), '--read-only']);
    await client.begin();
    const listed = (await client.ask('tools/list', {})).object('result');
    expect(listed.list('tools', 32, (tool) => tool.string('name'))).toEqual([
      'ac_usb_passthrough_status',
      'ac_usb_acl_list',
      'ac_usb_loopback_list',
      'ac_usb_remote_list',
    ]);
    expect((await client.ask('tools/call', { name: 'ac_usb_acl_add', arguments: {} })).has('error')).toBe(true);
  });

  it('U5.4: answer as the actions do; what is refused says why', async () => {
    await using client = new McpClient(where());
    await client.begin();
    expect(await client.call('ac_usb_loopback_list')).toEqual({
      isError: true,
      text: 'usb.disabled: USB sharing is off; turn it on first',
    });
    expect(await client.call('ac_usb_passthrough_enable', { enabled: true })).toEqual({ isError: false, text: '{"enabled":true}' });
    expect(await client.call('ac_usb_acl_add', { vendor_id: '1050', product_id: '0407' })).toMatchObject({
      text: '{"added":true,"rules":1}',
    });
    const opened = await client.call('ac_usb_loopback_open', { vendor_id: '1050', product_id: '0407' });
    expect(JSON.parse(opened.text)).toMatchObject({ ok: true, descriptor: '1050:0407 per-interface (USB 2.00, 1 config)' });
    expect((await client.call('ac_usb_loopback_open', { vendor_id: '1209', product_id: '0001' })).text).toMatch(/^usb\.denied: /);
    expect((await client.call('ac_usb_remote_list')).text).toMatch(/^usb\.no-remote: /);
    for (const bad of [{}, { policy: 'maybe' }, { policy: 'deny', more: 1 }]) {
      expect((await client.call('ac_usb_acl_set_default', bad)).isError).toBe(true);
    }
    expect(await client.end()).toBe(0);
  });

  it('U5.4: are there before the host is, and then say what is missing', async () => {
    await using client = new McpClient(['--home', '/nonexistent']);
    await client.begin();
    expect((await client.call('ac_usb_passthrough_status')).text).toMatch(/^api\.unauthorized: .*has the host run on this machine/);
  });
});
