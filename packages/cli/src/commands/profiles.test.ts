import { describe, expect, it } from 'vitest';
import { type FakeAnswer, FakeHostApi, problem } from '../../testing/fake-host-api.ts';
import { FakeTerminal } from '../../testing/fake-terminal.ts';
import { run } from '../program.ts';

const packages = new URL('../../../', import.meta.url);
const FP = `4fa1b2c3${'d'.repeat(56)}`;
const KIDS = '0123456789ab';
const NOTHING: FakeAnswer = { status: 204 };

const profile = {
  ...{ id: KIDS, display_name: 'Kids', accent: '#aabbcc', os_account: { kind: 'linux', username: 'kid', uid: 1001 } },
  ...{ assigned_fingerprints: [FP], has_passcode: true, require_passcode_even_when_assigned: false, allow_shared_view: true },
  ...{ allow_takeover: false, tvos_user_ids: [], library_scope: { mode: 'all' }, custom_entries: [], session_defaults: { max_width: 800 } },
  ...{ is_default: true, created_unix: 1_800_000_000, updated_unix: 1_800_000_000, revision: 'ab12' },
};
const { id: _id, has_passcode, is_default, created_unix, updated_unix, revision, ...asInput } = profile;
const PROFILES = { 'GET /api/v1/profiles': { body: [profile] } };
const ACCOUNTS = {
  'GET /api/v1/os-accounts': {
    body: [
      { username: 'op', uid: 1000, full_name: 'Olga\u202e', platform: 'linux', is_operator: true, in_use: false },
      { username: 'kid', uid: 1001, platform: 'linux', is_operator: false, in_use: true },
      {
        ...{ username: 'zoe', uid: 1002, platform: 'linux', is_operator: false, in_use: false },
        ...{ eligible: false, remedy: 'sudo usermod -aG usher-users zoe' },
      },
    ],
  },
};

/** Runs a command against a fake host; words are separated by a bar, because names hold spaces. */
async function ask(line: string, answers: Readonly<Record<string, FakeAnswer>>, input = '') {
  await using api = await FakeHostApi.start(answers);
  const terminal = new FakeTerminal({ USHER_HOME: api.home }, input);
  const exitCode = await run([...line.split('|'), '--url', api.url], terminal, packages);
  const changes = api.asked.filter((request) => !request.startsWith('GET')).map((request) => request.replace('/api/v1/', ''));
  return { exitCode, terminal, changes, shown: terminal.output.join('\n') };
}

describe('P8.1: usher profiles', () => {
  it('P8.1: lists them, with who has a passcode', async () => {
    expect((await ask('profiles', PROFILES)).shown).toMatch(/0123456789ab +Kids +kid +yes +1 +default/);
    expect((await ask('profiles|--json', PROFILES)).terminal.json()).toEqual({ profiles: [profile] });
    expect((await ask('profiles', { 'GET /api/v1/profiles': { body: [] } })).shown).toContain('There are no profiles');
  });

  it('P8.1: makes one, bound to the uid that the account has now', async () => {
    const answers = { ...ACCOUNTS, 'POST /api/v1/profiles': { status: 201, body: profile } };
    const line =
      'profiles|create|Kids room|--account|kid|--accent|#aabbcc|--shared-view|--titles|deny:steam:570,steam:620|--max-size|1280x720';
    const { exitCode, changes, shown } = await ask(`${line}|--max-bitrate|4000`, answers);
    expect([exitCode, shown]).toEqual([0, `Kids is profile ${KIDS}`]);
    expect(changes).toHaveLength(1);
    expect(JSON.parse(changes[0]?.replace('POST profiles ', '') ?? '')).toEqual({
      display_name: 'Kids room',
      os_account: { kind: 'linux', username: 'kid', uid: 1001 },
      accent: '#aabbcc',
      allow_shared_view: true,
      library_scope: { mode: 'deny', ids: ['steam:570', 'steam:620'] },
      session_defaults: { max_width: 1280, max_height: 720, max_bitrate_kbps: 4000 },
    });
  });

  it('P1.7: changes what was said, and leaves the rest as it was', async () => {
    const answers = { ...PROFILES, [`PUT /api/v1/profiles/${KIDS}`]: { body: profile } };
    const { exitCode, changes } = await ask('profiles|update|kids|--name|Teens|--no-shared-view|--always-ask', answers);
    expect(exitCode).toBe(0);
    expect(JSON.parse(changes[0]?.replace(`PUT profiles/${KIDS} `, '') ?? '')).toEqual({
      ...asInput,
      display_name: 'Teens',
      allow_shared_view: false,
      require_passcode_even_when_assigned: true,
    });
  });

  it('P8.1: a change that another one was quicker than is refused, with what to do', async () => {
    const answers = { ...PROFILES, [`PUT /api/v1/profiles/${KIDS}`]: problem(412, 'profile.changed', 'read it again') };
    const { exitCode, terminal } = await ask('profiles|update|kids|--name|Teens', answers);
    expect([exitCode, terminal.errors.join()]).toEqual([5, expect.stringContaining('read it again')]);
  });

  it.each([
    ['profiles|remove|Kids', `DELETE profiles/${KIDS}?running=refuse`],
    [`profiles|remove|${KIDS}|--end-sessions`, `DELETE profiles/${KIDS}?running=end`],
    ['profiles|assign|Kids|4fa1:b2c3', `POST profiles/${KIDS}/devices {"fingerprint":"${FP}"}`],
    [`profiles|assign|Kids|${'AB'.repeat(32)}`, `POST profiles/${KIDS}/devices {"fingerprint":"${'ab'.repeat(32)}"}`],
    ['profiles|unassign|4fa1b2c3', `DELETE profiles/devices/${FP}`],
    ['profiles|default|KIDS', `PUT profiles/default {"profile_id":"${KIDS}"}`],
    ['profiles|default|operator', 'PUT profiles/default {"profile_id":null}'],
    ['profiles|windows-credential|Kids|--clear', `DELETE profiles/${KIDS}/windows-credential`],
    ['profiles|passcode|Kids|--clear', `POST profiles/${KIDS}/passcode {"passcode":null}`],
  ])('P8.1: `usher %s`', async (line, change) => {
    const [method = '', path = ''] = change.split(' ');
    const answers = {
      ...PROFILES,
      'GET /api/v1/native/clients': { body: { clients: [{ fingerprint: FP, name: 'TV', paired_unix: 1, connected: false }] } },
      [`${method} /api/v1/${path}`]: NOTHING,
    };
    const { exitCode, terminal, changes } = await ask(`${line}|--json`, answers);
    expect([exitCode, changes]).toEqual([0, [change]]);
    expect(terminal.json()).not.toHaveProperty('ok');
  });

  it('P2.4: a passcode comes by standard input, and is never shown', async () => {
    const answers = { ...PROFILES, [`POST /api/v1/profiles/${KIDS}/passcode`]: NOTHING };
    const { exitCode, changes, terminal } = await ask('profiles|passcode|Kids', answers, 'tr0ub4dor');
    expect([exitCode, changes]).toEqual([0, [`POST profiles/${KIDS}/passcode {"passcode":"tr0ub4dor"}`]]);
    expect([...terminal.output, ...terminal.errors].join()).not.toContain('tr0ub4dor');
    expect((await ask('profiles|passcode|Kids', answers)).exitCode).toBe(2);
    expect((await ask('profiles|passcode|Kids|tr0ub4dor', answers)).exitCode).toBe(2);
  });

  it('P10.1: a Windows password comes by standard input, is never shown, and a host that keeps none says so', async () => {
    const refusal = problem(501, 'profile.needs-windows', 'not here');
    const answers = { ...PROFILES, [`POST /api/v1/profiles/${KIDS}/windows-credential`]: refusal };
    const line = 'profiles|windows-credential|Kids|--account-name|.\\kid';
    const { exitCode, changes, terminal } = await ask(`${line}|--wrapped`, answers, 'correct-horse\nstaple9');
    expect(changes).toEqual([
      `POST profiles/${KIDS}/windows-credential ${JSON.stringify({ account_name: '.\\kid', password: 'correct-horse', passcode: 'staple9' })}`,
    ]);
    expect([exitCode, terminal.errors.join()]).toEqual([8, expect.stringContaining('not here')]);
    for (const secret of ['correct-horse', 'staple9']) expect([...terminal.output, ...terminal.errors].join()).not.toContain(secret);
    expect((await ask(line, answers, 'correct-horse')).changes[0]).not.toContain('passcode');
    for (const input of ['', 'correct-horse']) expect((await ask(`${line}|--wrapped`, answers, input)).changes).toEqual([]);
    expect((await ask('profiles|windows-credential|Kids', answers, 'correct-horse')).exitCode).toBe(2);
  });

  it.each([
    ['profiles|create|Kids', 2, 'config.invalid'],
    ['profiles|create|Kids|--account|nobody', 4, 'api.not-found'],
    ['profiles|create|Kids|--account|operator|--titles|some', 2, 'config.invalid'],
    ['profiles|create|Kids|--account|operator|--max-size|big', 2, 'config.invalid'],
    ['profiles|update|Parents', 4, 'api.not-found'],
    ['profiles|remove|Twin', 2, 'config.invalid'],
    ['profiles|remove|Kids', 5, 'profile.has-sessions'],
  ])('P8.1: `usher %s` ends with %i %s', async (line, expected, code) => {
    const answers = {
      ...ACCOUNTS,
      'GET /api/v1/profiles': {
        body: [profile, { ...profile, id: 'a'.repeat(12), display_name: 'twin' }, { ...profile, id: 'b'.repeat(12), display_name: 'Twin' }],
      },
      [`DELETE /api/v1/profiles/${KIDS}?running=refuse`]: problem(409, 'profile.has-sessions', 'somebody is in'),
    };
    const { exitCode, terminal } = await ask(`${line}|--json`, answers);
    expect([exitCode, terminal.json()]).toEqual([expected, expect.objectContaining({ ok: false, code })]);
  });
});

describe('P8.3: usher accounts', () => {
  it('P8.3: lists them, without what turns the text around', async () => {
    const { shown, terminal } = await ask('accounts', ACCOUNTS);
    expect(shown).toMatch(
      /op +1000 +Olga· +operator\nkid +1001 +has a profile\nzoe +1002 +may not be opened: sudo usermod -aG usher-users zoe/,
    );
    expect(terminal.errors).toEqual([]);
    expect((await ask('accounts|--json', ACCOUNTS)).terminal.json()).toEqual({ accounts: ACCOUNTS['GET /api/v1/os-accounts'].body });
  });
});
