import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CodedError, type DisplayChoice, isCoded, Reader } from '@usher/protocol';
import { readStateFile } from './store/state-file.ts';
import type { IceServerSetting } from './webrtc/ice-servers.ts';

const DEFAULT_PORT = 9939;
/** All interfaces, both families: other people's devices must reach the host. */
const DEFAULT_BIND = '::';
/** Where the package of the broker puts its socket. */
const DEFAULT_BROKER = '/run/usher-broker/broker.sock';
/** Every setting with the longest values fits many times. */
const FILE_LIMIT = 64 * 1024;

const USB_BACKENDS = ['auto', 'libusb', 'sim'] as const;
type UsbBackend = (typeof USB_BACKENDS)[number];

interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Everything that an operator chooses before the host starts. */
export interface HostConfig {
  /** The state directory, absolute. */
  readonly home: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly bind: string;
  /** UDP ports for the viewers' connections, both ends included; any where it is absent. */
  readonly udpPorts?: PortRange;
  readonly display: DisplayChoice;
  /** The socket of root's broker, which opens people's accounts (rules B1–B9); it need not exist. */
  readonly broker: string;
  readonly usbPassthrough: boolean;
  readonly usbBackend: UsbBackend;
  /** Where the key is that USB rules are signed with, as the usb-agent reads it: `file`, `file:/PATH`, `env` or `keychain` (U3.2). */
  readonly usbKey: string;
  /** USB rules without a signature aren't taken. */
  readonly usbRequireSignature: boolean;
  /** Whether devices on the local network find the host by mDNS. */
  readonly mdns: boolean;
  /** Another certificate for HTTPS (PEM files, absolute); DTLS keeps the host's own. */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  /** STUN and TURN servers for viewers and host; only `config.json` can name them. */
  readonly iceServers: readonly IceServerSetting[];
}

/**
 * Reads the flags, the environment (`USHER_PORT` for `--port`, and so on) and `config.json` (`port`); the first that names a setting
 * wins. Whatever can't be understood is `config.invalid` and says where it stands; the file is never written.
 */
export async function readConfig(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<HostConfig> {
  const flags = parseFlags(args);
  const home = resolve(flags.home ?? variable(environment, 'home') ?? join(homedir(), '.config', 'usher'));
  const file = await readConfigFile(join(home, 'config.json'));
  const choose = (name: Setting): Choice | undefined =>
    fromFlag(flags, name) ?? fromEnvironment(environment, name) ?? file.choices.get(name);
  const udpPorts = read(choose('udp-ports'), 'two ports such as 50000-50100', readPortRange);
  const tls = readTls(choose('tls-cert'), choose('tls-key'));
  return {
    home,
    port: read(choose('port'), 'a number from 0 to 65535', readPort) ?? DEFAULT_PORT,
    bind: choose('bind')?.text ?? DEFAULT_BIND,
    ...(udpPorts === undefined ? {} : { udpPorts }),
    display: read(choose('display'), '"virtual" or a display such as ":0"', readDisplay) ?? { kind: 'virtual' },
    broker: choose('broker')?.text ?? DEFAULT_BROKER,
    usbPassthrough: read(choose('usb-passthrough'), SWITCH_WORDS, readSwitch) ?? false,
    usbBackend: read(choose('usb-backend'), USB_BACKENDS.join(', '), readBackend) ?? 'auto',
    usbKey: read(choose('usb-key'), '"file", "file:/PATH", "env" or "keychain"', readUsbKey) ?? 'file',
    usbRequireSignature: read(choose('usb-require-signature'), SWITCH_WORDS, readSwitch) ?? false,
    mdns: !(read(choose('no-mdns'), SWITCH_WORDS, readSwitch) ?? false),
    ...(tls === undefined ? {} : { tls }),
    iceServers: file.iceServers,
  };
}

/** Every setting by its flag, and what it is in `config.json`; the other two names follow from it. */
const SETTINGS = {
  port: 'number',
  bind: 'string',
  'udp-ports': 'string',
  display: 'string',
  broker: 'path',
  'usb-passthrough': 'boolean',
  'usb-backend': 'string',
  'usb-key': 'string',
  'usb-require-signature': 'boolean',
  'no-mdns': 'boolean',
  'tls-cert': 'path',
  'tls-key': 'path',
} as const;
type Setting = keyof typeof SETTINGS;
const SETTING_NAMES = Object.keys(SETTINGS) as Setting[]; // keys of a literal: exactly Setting

/** What somebody wrote for a setting, and where. Relative paths are resolved already. */
interface Choice {
  readonly where: string;
  readonly text: string;
}

type Flags = { readonly [name in Setting | 'home']?: string | boolean | undefined } & { readonly home?: string | undefined };

function parseFlags(args: readonly string[]): Flags {
  const text = { type: 'string' } as const;
  const options = {
    home: text,
    port: text,
    bind: text,
    'udp-ports': text,
    display: text,
    broker: text,
    'usb-passthrough': { type: 'boolean' },
    'usb-backend': text,
    'usb-key': text,
    'usb-require-signature': { type: 'boolean' },
    'no-mdns': { type: 'boolean' },
    'tls-cert': text,
    'tls-key': text,
  } as const;
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message.split('. ')[0] : 'unreadable arguments';
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new CodedError('config.invalid', `${problem}; the host knows ${known.join(', ')}`, { cause });
  }
}

function fromFlag(flags: Flags, name: Setting): Choice | undefined {
  const value = flags[name];
  return value === undefined ? undefined : choice(`--${name}`, name, String(value), process.cwd());
}

function fromEnvironment(environment: NodeJS.ProcessEnv, name: Setting): Choice | undefined {
  const value = variable(environment, name);
  return value === undefined ? undefined : choice(variableName(name), name, value, process.cwd());
}

/** An empty variable is an absent one: that is how a unit file unsets it. */
function variable(environment: NodeJS.ProcessEnv, name: Setting | 'home'): string | undefined {
  const value = environment[variableName(name)];
  return value === '' ? undefined : value;
}

function variableName(name: string): string {
  return `USHER_${name.toUpperCase().replaceAll('-', '_')}`;
}

function choice(where: string, name: Setting, text: string, base: string): Choice {
  return { where, text: SETTINGS[name] === 'path' ? resolve(base, text) : text };
}

interface ConfigFile {
  readonly choices: ReadonlyMap<Setting, Choice>;
  readonly iceServers: readonly IceServerSetting[];
}

async function readConfigFile(path: string): Promise<ConfigFile> {
  try {
    const text = await readStateFile(path, FILE_LIMIT);
    return text === undefined ? { choices: new Map(), iceServers: [] } : readDocument(Reader.json(text, path), path);
  } catch (error) {
    if (!isCoded(error)) throw error;
    throw new CodedError('config.invalid', `${error.message}; mend it or move it away, it has been left as it is`, { cause: error });
  }
}

function readDocument(document: Reader, path: string): ConfigFile {
  const keys = new Map(SETTING_NAMES.map((name) => [name.replaceAll('-', '_'), name]));
  const unknown = document.names().filter((key) => !keys.has(key) && key !== 'ice_servers');
  if (unknown.length > 0) {
    throw new CodedError(
      'config.invalid',
      `${path}: unknown ${unknown.join(', ')}; known are ${[...keys.keys(), 'ice_servers'].join(', ')}`,
    );
  }
  const choices = new Map<Setting, Choice>();
  for (const [key, name] of keys) {
    if (document.has(key)) choices.set(name, choice(`${path}: ${key}`, name, readValue(document, key, SETTINGS[name]), dirname(path)));
  }
  return { choices, iceServers: document.has('ice_servers') ? document.list('ice_servers', 16, readIceServer) : [] };
}

function readValue(document: Reader, key: string, kind: (typeof SETTINGS)[Setting]): string {
  if (kind === 'number') return String(document.integer(key, 0, 0xffff));
  if (kind === 'boolean') return String(document.boolean(key));
  return document.string(key);
}

function readIceServer(server: Reader): IceServerSetting {
  const urls = server.strings('urls', 8);
  const secret = server.optionalString('secret', 512);
  const username = server.optionalString('username', 512);
  const credential = server.optionalString('credential', 512);
  if (secret !== undefined && (username ?? credential) !== undefined) {
    throw new CodedError('config.invalid', `ice_servers: ${urls.join(', ')} has a secret, and username or credential; give one of the two`);
  }
  return {
    urls,
    ...(secret === undefined ? {} : { secret }),
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  };
}

function read<T>(choice: Choice | undefined, expected: string, reader: (text: string) => T | undefined): T | undefined {
  if (choice === undefined) return undefined;
  const value = reader(choice.text);
  if (value === undefined) throw new CodedError('config.invalid', `${choice.where}: expected ${expected}, not "${choice.text}"`);
  return value;
}

function readPort(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 0xffff ? Number(text) : undefined;
}

/** Each viewer takes two ports, so a range that is no range is a mistake better heard of at once. */
function readPortRange(text: string): PortRange | undefined {
  const [, first = '', last = ''] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  return range.first >= 1024 && range.first < range.last && range.last <= 0xffff ? range : undefined;
}

function readDisplay(text: string): DisplayChoice | undefined {
  if (text === 'virtual') return { kind: 'virtual' };
  return /^:\d{1,5}(\.\d{1,2})?$/.test(text) ? { kind: 'existing', name: text } : undefined;
}

const SWITCH_WORDS = '1, true, yes, on, 0, false, no or off';

function readSwitch(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  return ['0', 'false', 'no', 'off'].includes(word) ? false : undefined;
}

function readUsbKey(text: string): string | undefined {
  return /^(file|file:\/.+|env|keychain)$/.test(text) ? text : undefined;
}

function readBackend(text: string): UsbBackend | undefined {
  return USB_BACKENDS.find((backend) => backend === text);
}

function readTls(certificate: Choice | undefined, key: Choice | undefined): HostConfig['tls'] {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) {
    throw new CodedError('config.invalid', `${(certificate ?? key)?.where} needs the other of tls-cert and tls-key beside it`);
  }
  return { certificateFile: certificate.text, keyFile: key.text };
}
