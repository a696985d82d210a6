import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anyText, matching } from '../testing/matchers.ts';
import { inTemporaryDirectory } from '../testing/test-api.ts';
import { type HostConfig, readConfig } from './config.ts';

interface Given {
  readonly flags?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** The text of config.json. */
  readonly file?: string;
}

function configured({ flags = [], environment = {}, file }: Given): Promise<HostConfig> {
  return inTemporaryDirectory(async (home) => {
    if (file !== undefined) await writeFile(join(home, 'config.json'), file);
    return readConfig(['--home', home, ...flags], environment);
  });
}

describe('what the host is told (design §6)', () => {
  it('design §6: without a word it listens on 9939 everywhere and lends no USB device', async () => {
    expect(await configured({})).toEqual({
      home: anyText,
      port: 9939,
      bind: '::',
      display: { kind: 'virtual' },
      broker: '/run/usher-broker/broker.sock',
      usbPassthrough: false,
      usbBackend: 'auto',
      usbKey: 'file',
      usbRequireSignature: false,
      mdns: true,
      iceServers: [],
    });
  });

  it('design §6: its state lies in ~/.config/usher, or where USHER_HOME or --home say', async () => {
    expect((await readConfig([], {})).home).toBe(join(homedir(), '.config', 'usher'));
    await inTemporaryDirectory(async (home) => {
      expect((await readConfig([], { USHER_HOME: home })).home).toBe(home);
      expect((await readConfig(['--home', home], { USHER_HOME: '/elsewhere' })).home).toBe(home);
    });
  });

  const file = '{"port": 1003}';
  const environment = { USHER_PORT: '1002' };
  const flags = ['--port', '1001'];
  it.each([
    ['a flag before all', { flags, environment, file }, 1001],
    ['the environment before the file', { environment, file }, 1002],
    ['the file before the default', { file }, 1003],
    ['an empty variable is an absent one', { environment: { USHER_PORT: '' }, file }, 1003],
  ])('design §6: %s', async (_name, given, port) => {
    expect((await configured(given)).port).toBe(port);
  });

  it.each([
    ['--bind', ['--bind', '127.0.0.1'], { USHER_BIND: '127.0.0.1' }, { bind: '127.0.0.1' }],
    ['--no-mdns', ['--no-mdns'], { USHER_NO_MDNS: '1' }, { mdns: false }],
    ['--port 0', ['--port', '0'], { USHER_PORT: '0' }, { port: 0 }],
    ['--udp-ports', ['--udp-ports', '50000-50100'], { USHER_UDP_PORTS: '50000-50100' }, { udpPorts: { first: 50_000, last: 50_100 } }],
    ['--display :1', ['--display', ':1'], { USHER_DISPLAY: ':1' }, { display: { kind: 'existing', name: ':1' } }],
    ['--display virtual', ['--display', 'virtual'], { USHER_DISPLAY: 'virtual' }, { display: { kind: 'virtual' } }],
    ['--broker', ['--broker', '/b.sock'], { USHER_BROKER: '/b.sock' }, { broker: '/b.sock' }],
    ['--usb-passthrough', ['--usb-passthrough'], { USHER_USB_PASSTHROUGH: '1' }, { usbPassthrough: true }],
    ['--usb-backend', ['--usb-backend', 'sim'], { USHER_USB_BACKEND: 'sim' }, { usbBackend: 'sim' }],
    ['--usb-key', ['--usb-key', 'keychain'], { USHER_USB_KEY: 'keychain' }, { usbKey: 'keychain' }],
    ['--usb-require-signature', ['--usb-require-signature'], { USHER_USB_REQUIRE_SIGNATURE: '1' }, { usbRequireSignature: true }],
    ['--usb-key file:', ['--usb-key', 'file:/run/key'], { USHER_USB_KEY: 'file:/run/key' }, { usbKey: 'file:/run/key' }],
    [
      '--tls-cert and --tls-key',
      ['--tls-cert', '/c.pem', '--tls-key', '/k.pem'],
      { USHER_TLS_CERT: '/c.pem', USHER_TLS_KEY: '/k.pem' },
      { tls: { certificateFile: '/c.pem', keyFile: '/k.pem' } },
    ],
  ] as const)('design §6: %s by flag and by variable', async (_name, byFlag, byVariable, expected) => {
    expect(await configured({ flags: byFlag })).toMatchObject(expected);
    expect(await configured({ environment: byVariable })).toMatchObject(expected);
  });

  it('design §6: every setting has its key in config.json; its paths are relative to it', async () => {
    const text = JSON.stringify({
      port: 1234,
      bind: '127.0.0.1',
      udp_ports: '50000-50100',
      display: ':0',
      broker: 'broker.sock',
      usb_passthrough: true,
      usb_backend: 'libusb',
      no_mdns: true,
      tls_cert: 'own.crt',
      tls_key: '/own.key',
      ice_servers: [
        { urls: ['stun:stun.example.org'] },
        { urls: ['turn:turn.example.org'], username: 'u', credential: 'c' },
        { urls: ['turn:b.example.org'], secret: 's' },
      ],
    });
    const config = await configured({ file: text });
    expect(config).toEqual({
      home: config.home,
      port: 1234,
      bind: '127.0.0.1',
      udpPorts: { first: 50_000, last: 50_100 },
      display: { kind: 'existing', name: ':0' },
      broker: join(config.home, 'broker.sock'),
      usbPassthrough: true,
      usbBackend: 'libusb',
      usbKey: 'file',
      usbRequireSignature: false,
      mdns: false,
      tls: { certificateFile: join(config.home, 'own.crt'), keyFile: '/own.key' },
      iceServers: [
        { urls: ['stun:stun.example.org'] },
        { urls: ['turn:turn.example.org'], username: 'u', credential: 'c' },
        { urls: ['turn:b.example.org'], secret: 's' },
      ],
    });
  });

  it.each(['0', 'false', 'No', ' off '])('design §6: %j in the environment turns off what the file turns on', async (word) => {
    const config = await configured({ environment: { USHER_USB_PASSTHROUGH: word }, file: '{"usb_passthrough": true}' });
    expect(config.usbPassthrough).toBe(false);
  });
});

describe('what it does not understand', () => {
  it.each<[string, Given, RegExp]>([
    ['an unknown flag', { flags: ['--prot', '1'] }, /'--prot'.*the host knows --home, --port/],
    ['a word that is no flag', { flags: ['9939'] }, /'9939'/],
    ['a flag without its value', { flags: ['--port'] }, /--port/],
    ['a port that is none', { flags: ['--port', '70000'] }, /^--port: expected a number from 0 to 65535, not "70000"$/],
    ['a port in hex', { environment: { USHER_PORT: '0x10' } }, /^USHER_PORT: /],
    ['a display that is none', { flags: ['--display', 'wayland'] }, /^--display: /],
    ['a backend that is none', { environment: { USHER_USB_BACKEND: 'pyusb' } }, /^USHER_USB_BACKEND: expected auto, libusb, sim/],
    ['a switch that is none', { environment: { USHER_USB_PASSTHROUGH: 'maybe' } }, /^USHER_USB_PASSTHROUGH: /],
    ['a range upside down', { flags: ['--udp-ports', '50100-50000'] }, /^--udp-ports: /],
    ['a certificate without its key', { flags: ['--tls-cert', 'c.pem'] }, /^--tls-cert needs/],
    ['a key in another place than its certificate', { environment: { USHER_TLS_KEY: 'k.pem' } }, /^USHER_TLS_KEY needs/],
    ['unknown keys in the file', { file: '{"prot": 1, "port": 2, "name": ""}' }, /config\.json: unknown prot, name; known are port, bind/],
    ['a wrong type in the file', { file: '{"port": "9939"}' }, /config\.json\.port: expected a whole number/],
    ['a switch in words in the file', { file: '{"usb_passthrough": "yes"}' }, /config\.json\.usb_passthrough: expected true or false/],
    ['a bad value in the file', { file: '{"usb_backend": "pyusb"}' }, /config\.json: usb_backend: expected auto/],
    ['ICE servers without addresses', { file: '{"ice_servers": [{}]}' }, /config\.json\.ice_servers\[0\]\.urls/],
    [
      'a relay with two kinds of credential',
      { file: '{"ice_servers": [{"urls": ["turn:turn.example.org"], "secret": "s", "username": "u"}]}' },
      /turn:turn\.example\.org has a secret, and username or credential/,
    ],
    ['a file half written', { file: '{"port": 99' }, /config\.json: not JSON; mend it or move it away/],
    ['an empty file', { file: '' }, /config\.json: not JSON/],
    ['a file that is a list', { file: '[]' }, /config\.json: expected an object/],
    ['a file that never ends', { file: `{"bind": "${'x'.repeat(65_536)}"}` }, /config\.json is larger than/],
  ])('design §6: %s is refused with its place', async (_name, given, message) => {
    await expect(configured(given)).rejects.toMatchObject({ code: 'config.invalid', message: matching(message) });
  });

  it('P1.2: a file that can not be read is refused with its path, and stays', async () => {
    await inTemporaryDirectory(async (home) => {
      const path = join(home, 'config.json');
      await mkdir(path);
      await expect(readConfig(['--home', home], {})).rejects.toMatchObject({
        code: 'config.invalid',
        message: `${path} can't be read (EISDIR); mend it or move it away, it has been left as it is`,
      });
    });
  });

  it('P1.2: a refused file keeps every byte', async () => {
    await inTemporaryDirectory(async (home) => {
      const path = join(home, 'config.json');
      await writeFile(path, '{"port": 99');
      await chmod(path, 0o644);
      await expect(readConfig(['--home', home], {})).rejects.toThrow();
      expect(await readFile(path, 'utf8')).toBe('{"port": 99');
    });
  });
});
