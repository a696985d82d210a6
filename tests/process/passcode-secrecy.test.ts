import { mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostProcess } from '../harness/host-process.ts';
import { People } from '../harness/people.ts';
import { ProcessWitness } from '../harness/process-witness.ts';
import { removeDirectory } from '../harness/temporary-directory.ts';
import type { Ended } from '../harness/usher.ts';

/**
 * A whole run with passcodes that are set, right, wrong, refused and malformed, and then a search through everything that anybody could read
 * afterwards or meanwhile (requirements P2.4, P8.1): logs, audit, state, the keys of devices, processes, the command's words, the API's answers.
 */

const SET = 'Rosenkohl-1729';
const WRONG = 'Petersilie-4104';
/** Longer than any passcode may be. */
const REFUSED = `Schnittlauch-${'9'.repeat(60)}`;
/** Of an account of Windows, which this host doesn't keep. */
const PASSWORD = 'Kerbelkraut-8806';
const WRAPPING = 'Liebstoeckel-3071';
const RUN_MS = 120_000;

/** Every place, with its text, and a word that must be in it: a search through nothing finds nothing. */
const places = new Map<string, { readonly text: string; readonly holds: string }>();
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-secrecy-'));
  const home = join(directory, 'home');
  await using witness = new ProcessWitness();
  await using host = await HostProcess.start({ home, env: { USHER_LOG: 'trace' }, args: ['--usb-passthrough', '--usb-backend', 'sim'] });
  const { kids, commands } = await run(host);
  places.set('answers of the API', { text: await answers(host, kids), holds: '"has_passcode":true' });
  places.set('processes', { text: (await witness.seen()).join('\n'), holds: '--passcode-stdin' });
  await host.stop();
  places.set('logs of every process', { text: host.log().join('\n'), holds: 'the host listens' });
  places.set('commands', { text: commands.map(({ output, errors }) => `${output}\n${errors}`).join('\n'), holds: 'the passcode is wrong' });
  places.set('audit', { text: await contentsOf(join(home, 'audit')), holds: '"passcode.attempt"' });
  places.set('state', { text: await contentsOf(home), holds: '$argon2id$v=19$m=19456,t=2,p=1$' });
  places.set('keys of devices', { text: await contentsOf(join(directory, 'devices')), holds: '"signing_key"' });
}, RUN_MS);

afterAll(() => removeDirectory(directory));

/** What people do with passcodes; gives what the commands said, and the profile that has one. */
async function run(host: HostProcess): Promise<{ readonly kids: string; readonly commands: readonly Ended[] }> {
  const devices = join(directory, 'devices');
  await mkdir(devices);
  const people = new People(host, devices);
  const kids = await people.profile('Kids');
  const other = await people.profile('Anna', { os_account: { kind: 'linux', username: 'anna' } });
  const told = [await people.manage(['profiles', 'passcode', kids], `${SET}\n`)];
  await people.pair('tablet', other);
  told.push(
    await people.connect('tablet', { profile: kids, passcode: SET }),
    await people.connect('tablet', { profile: kids, passcode: WRONG }),
    await people.connect('tablet', { profile: kids, passcode: WRONG }),
    await people.connect('tablet', { profile: 'ffffffffffff', passcode: SET }),
    await people.connect('tablet', { profile: kids, passcode: REFUSED }),
    await people.manage(['profiles', 'passcode', kids], `${REFUSED}\n`),
    // Where an id belongs, somebody may type the passcode.
    await people.connect('tablet', { profile: 'kids', passcode: WRONG }),
    await people.manage(['profiles', 'windows-credential', kids, '--account-name', '.\\kid', '--wrapped'], `${PASSWORD}\n${WRAPPING}\n`),
    await people.manage(['profiles']),
    await people.manage(['audit', 'show', '--limit', '1000']),
  );
  // Four seconds after a wrong one the next is looked at again, and a command may take longer to come.
  const second: unknown = expect.toBeOneOf(['LockedOut', 'WrongPasscode']);
  expect(told.map(({ answer }) => answer.optionalString('reject') ?? answer.optionalString('code') ?? 'done')).toEqual([
    ...['done', 'done', 'WrongPasscode', second, 'NotFound', 'message.malformed', 'message.malformed', 'NotFound'],
    ...['profile.needs-windows', 'done', 'done'],
  ]);
  return { kids, commands: told };
}

/** Each question that the operator can ask without a parameter, and answers to passcodes that are no good. */
async function answers(host: HostProcess, kids: string): Promise<string> {
  const document = Reader.of((await host.api('GET', '/openapi.json')).body, 'openapi').object('paths');
  const paths = document.names().filter((path) => !path.includes('{') && answersJson(document.object(path)));
  const texts = [];
  for (const path of paths) texts.push(JSON.stringify((await host.api('GET', path)).body));
  for (const body of [{ passcode: REFUSED }, { passcode: 'abc', [SET]: WRONG }, { passcode: [WRONG] }, SET]) {
    texts.push(JSON.stringify((await host.api('POST', `/api/v1/profiles/${kids}/passcode`, body)).body));
  }
  const url = `/api/v1/profiles/${kids}/windows-credential`;
  const credential = { account_name: '.\\kid', password: PASSWORD, passcode: WRAPPING };
  for (const body of [credential, { ...credential, [WRAPPING]: PASSWORD }, { ...credential, password: PASSWORD.repeat(40) }, PASSWORD]) {
    texts.push(JSON.stringify((await host.api('POST', url, body)).body));
  }
  return texts.join('\n');
}

/** Not a stream, which has no end. */
function answersJson(path: Reader): boolean {
  if (!path.has('get')) return false;
  const responses = path.object('get').object('responses');
  return (
    responses.has('200') && responses.object('200').has('content') && responses.object('200').object('content').has('application/json')
  );
}

async function contentsOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
}

/** The passcode as it is, in hex, and in base64 wherever in a longer text it may have stood. */
function spellings(passcode: string): readonly string[] {
  const bytes = Buffer.from(passcode);
  const shifted = [0, 1, 2].map((shift) => {
    const whole = bytes.subarray((3 - shift) % 3); // from the first group of three bytes that is the passcode's alone
    return whole.subarray(0, whole.length - (whole.length % 3)).toString('base64');
  });
  return [passcode, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), encodeURIComponent(passcode), ...shifted];
}

describe('a passcode', () => {
  it.each(['answers of the API', 'processes', 'logs of every process', 'commands', 'audit', 'state', 'keys of devices'])(
    'P2.4: is not in the %s, in no spelling',
    (name) => {
      const place = places.get(name);
      expect(place?.text).toContain(place?.holds);
      for (const passcode of [SET, WRONG, REFUSED, PASSWORD, WRAPPING]) {
        for (const spelling of spellings(passcode)) expect(place?.text.includes(spelling), `${name} holds ${spelling}`).toBe(false);
      }
    },
  );

  it('P2.4: … and the search would find one', () => {
    for (const before of ['', 'a', 'ab']) {
      const text = Buffer.from(`${before}${SET}, and more`).toString('base64');
      expect(spellings(SET).some((spelling) => text.includes(spelling))).toBe(true);
    }
  });
});
