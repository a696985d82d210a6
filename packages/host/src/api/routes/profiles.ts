import { type ProfileRecord, readProfileInput } from '@usher/domain';
import { CodedError, fingerprint, OPERATOR, profileId, Reader } from '@usher/protocol';
import type { FastifyReply } from 'fastify';
import { revisionOf } from '../../profiles/revision.ts';
import { entityTag, isMatch } from '../if-match.ts';
import type { Api, ApiParts } from '../parts.ts';
import {
  defaultChange,
  deviceAssignment,
  passcodeChange,
  profileAdmin,
  profileAdminList,
  profileCondition,
  profileDevicePath,
  profileInput,
  profilePath,
  profilePublicList,
  profileRemoval,
  rosterQuery,
  windowsCredential,
} from '../profile-schema.ts';
import { noContent } from '../schema.ts';

const access = 'bearer';
const tags = ['profiles'];
/** An avatar as a `data:` URL, some hundred titles of one's own, and a scope that names thousands. */
const BODY_LIMIT = 512 * 1024;

/** Profiles as the operator keeps them (profiles design §9.2). No answer holds a passcode or its hash. */
export function registerProfileRoutes(api: Api, parts: ApiParts): void {
  registerKeeping(api, parts);
  registerPasscode(api, parts);
  registerWindowsCredential(api, parts);
  registerAssignment(api, parts);
  registerRoster(api, parts);
}

function registerKeeping(api: Api, { profiles }: ApiParts): void {
  api.get(
    '/api/v1/profiles',
    { config: { access }, schema: { operationId: 'listProfiles', summary: 'The profiles', tags, response: { 200: profileAdminList } } },
    () => profiles.list().map(answerOf),
  );

  api.post(
    '/api/v1/profiles',
    {
      bodyLimit: BODY_LIMIT,
      config: { access },
      schema: { operationId: 'createProfile', summary: 'Make a profile', tags, body: profileInput, response: { 201: profileAdmin } },
    },
    async (request, reply) => tagged(reply.code(201), await profiles.create(inputOf(request.body))),
  );

  api.get(
    '/api/v1/profiles/:id',
    {
      config: { access },
      schema: { operationId: 'getProfile', summary: 'One profile', tags, params: profilePath, response: { 200: profileAdmin } },
    },
    (request, reply) => tagged(reply, profiles.get(profileId(request.params.id)) ?? noSuchProfile()),
  );

  api.put(
    '/api/v1/profiles/:id',
    {
      bodyLimit: BODY_LIMIT,
      config: { access },
      schema: {
        operationId: 'updateProfile',
        summary: 'Replace what a profile says; id, passcode and date of making stay',
        tags,
        params: profilePath,
        headers: profileCondition,
        body: profileInput,
        response: { 200: profileAdmin },
      },
    },
    async (request, reply) => {
      const agrees = (current: ProfileRecord) => isMatch(request.headers['if-match'], revisionOf(current));
      const updated = await profiles.update(profileId(request.params.id), inputOf(request.body), agrees);
      return tagged(reply, updated ?? noSuchProfile());
    },
  );

  api.delete(
    '/api/v1/profiles/:id',
    {
      config: { access },
      schema: {
        operationId: 'deleteProfile',
        summary: 'Remove a profile with its passcode, its devices and its place as the default',
        tags,
        params: profilePath,
        querystring: profileRemoval,
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      if (!(await profiles.remove(profileId(request.params.id), request.query.running))) noSuchProfile();
      reply.code(204);
    },
  );
}

function registerPasscode(api: Api, { profiles }: ApiParts): void {
  api.post(
    '/api/v1/profiles/:id/passcode',
    {
      config: { access },
      schema: {
        operationId: 'setProfilePasscode',
        summary: 'Set a passcode of 4 to 64 characters, or clear it; failed attempts are forgotten',
        tags,
        params: profilePath,
        body: passcodeChange,
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      const { passcode } = request.body;
      const bytes = passcode === null ? undefined : Buffer.from(passcode, 'utf8'); // wiped by whoever takes it; the parser's text can't be
      if (!(await profiles.setPasscode(profileId(request.params.id), bytes))) noSuchProfile();
      reply.code(204);
    },
  );
}

/** The routes of a host on Windows. This one reads the body, so that a wrong one is told as everywhere, and drops it. */
function registerWindowsCredential(api: Api, { profiles }: ApiParts): void {
  const url = '/api/v1/profiles/:id/windows-credential';
  api.post(
    url,
    {
      config: { access },
      schema: {
        operationId: 'setWindowsCredential',
        summary:
          "Keep the Windows password of a profile's account; only a host on Windows does, any other refuses with profile.needs-windows",
        tags,
        params: profilePath,
        body: windowsCredential,
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      if (!(await profiles.changeCredential(profileId(request.params.id), 'set'))) noSuchProfile();
      reply.code(204);
    },
  );

  api.delete(
    url,
    {
      config: { access },
      schema: {
        operationId: 'clearWindowsCredential',
        summary: 'Forget that password; only a host on Windows has one',
        tags,
        params: profilePath,
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      if (!(await profiles.changeCredential(profileId(request.params.id), 'clear'))) noSuchProfile();
      reply.code(204);
    },
  );
}

function registerAssignment(api: Api, { profiles }: ApiParts): void {
  api.post(
    '/api/v1/profiles/:id/devices',
    {
      config: { access },
      schema: {
        operationId: 'assignProfileDevice',
        summary: 'Assign a device, and take it from any other profile; it need not be paired yet',
        tags,
        params: profilePath,
        body: deviceAssignment,
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      if (!(await profiles.assign(profileId(request.params.id), fingerprint(request.body.fingerprint)))) noSuchProfile();
      reply.code(204);
    },
  );

  api.delete(
    '/api/v1/profiles/devices/:fp',
    {
      config: { access },
      schema: {
        operationId: 'unassignProfileDevice',
        summary: 'Take a device from its profile',
        tags,
        params: profileDevicePath,
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      if (!(await profiles.unassign(fingerprint(request.params.fp)))) {
        throw new CodedError('api.not-found', 'no profile has this device');
      }
      reply.code(204);
    },
  );

  api.put(
    '/api/v1/profiles/default',
    {
      config: { access },
      schema: {
        operationId: 'setDefaultProfile',
        summary: 'Where devices without a profile of their own come to',
        tags,
        body: defaultChange,
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      const { profile_id: id } = request.body;
      if (!(await profiles.setDefault(id === null || id === OPERATOR ? undefined : profileId(id)))) noSuchProfile();
      reply.code(204);
    },
  );
}

function registerRoster(api: Api, { profiles, paired }: ApiParts): void {
  api.get(
    '/api/v1/profiles/enumerate',
    {
      config: { access: 'device' },
      schema: {
        operationId: 'enumerateProfiles',
        summary: 'What a device may pick: its own profiles, and those with a passcode',
        tags,
        querystring: rosterQuery,
        response: { 200: profilePublicList },
      },
    },
    (request) => {
      const device = request.device ?? request.query.fingerprint;
      if (device === undefined) throw new CodedError('message.malformed', 'querystring.fingerprint: whose roster?');
      if (paired.find(fingerprint(device)) === undefined) return []; // nothing for a stranger (requirement P3.4)
      return profiles.rosterFor(fingerprint(device)).map((entry) => ({
        id: entry.id,
        display_name: entry.displayName,
        ...(entry.accent === '' ? {} : { accent: entry.accent }),
        ...(entry.avatar === '' ? {} : { avatar: entry.avatar }),
        requires_passcode: entry.passcodeRequired,
        assigned: entry.assigned,
      }));
    },
  );
}

/** One profile as an answer, with its tag. */
function tagged(reply: FastifyReply, profile: ProfileRecord) {
  const answer = answerOf(profile);
  reply.header('etag', entityTag(answer.revision));
  return answer;
}

function inputOf(body: unknown) {
  return readProfileInput(Reader.of(body, 'profile'));
}

/** Field by field: a field that a profile gains later isn't shown by oversight. */
function answerOf(profile: ProfileRecord) {
  return {
    id: profile.id,
    display_name: profile.display_name,
    ...(profile.accent === undefined ? {} : { accent: profile.accent }),
    ...(profile.avatar === undefined ? {} : { avatar: profile.avatar }),
    os_account: profile.os_account,
    assigned_fingerprints: [...profile.assigned_fingerprints],
    has_passcode: profile.has_passcode,
    require_passcode_even_when_assigned: profile.require_passcode_even_when_assigned,
    allow_shared_view: profile.allow_shared_view,
    allow_takeover: profile.allow_takeover,
    tvos_user_ids: [...profile.tvos_user_ids],
    library_scope: scopeOf(profile.library_scope),
    custom_entries: [...profile.custom_entries],
    session_defaults: profile.session_defaults,
    is_default: profile.is_default,
    created_unix: profile.created_unix,
    updated_unix: profile.updated_unix,
    revision: revisionOf(profile),
  };
}

function scopeOf(scope: ProfileRecord['library_scope']) {
  return scope.mode === 'all' ? scope : { mode: scope.mode, ids: [...scope.ids] };
}

function noSuchProfile(): never {
  throw new CodedError('api.not-found', 'there is no such profile');
}
