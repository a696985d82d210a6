import type { ProfileRecord } from '@usher/domain';
import { CodedError, sessionId } from '@usher/protocol';
import type { Api, ApiParts } from '../parts.ts';
import { noContent, sessionList, sessionPath } from '../schema.ts';

/** Who is in, right now (requirement P7.4). */
export function registerSessionRoutes(api: Api, { sessions, profiles, host }: ApiParts): void {
  api.get(
    '/api/v1/sessions',
    {
      config: { access: 'bearer' },
      schema: { operationId: 'listSessions', summary: 'Who is in, right now', tags: ['sessions'], response: { 200: sessionList } },
    },
    () => ({
      sessions: sessions.list().map((session) => ({
        session_id: session.id,
        profile_id: session.profile,
        ...ownerOf(profiles.get(session.profile)),
        backend: isOperators(profiles.get(session.profile)) ? host.backend : PERSONS_BACKEND,
        client_fp: session.device,
        device_name: session.deviceName,
        started_unix: session.startedUnix,
        codec: session.codec,
        width: session.width,
        height: session.height,
        bitrate_kbps: Math.round(session.bitrateKbps),
        ...(session.rttMs === undefined ? {} : { rtt_ms: session.rttMs }),
      })),
    }),
  );

  api.delete(
    '/api/v1/sessions/:id',
    {
      config: { access: 'bearer' },
      schema: {
        operationId: 'terminateSession',
        summary: 'End a session',
        tags: ['sessions'],
        params: sessionPath,
        response: { 204: noContent },
      },
    },
    (request, reply) => {
      if (!sessions.end(sessionId(request.params.id))) throw new CodedError('api.not-found', 'this session has ended already');
      return reply.code(204).send();
    },
  );
}

/** The operator's own profile isn't stored (requirement P3.2). */
function ownerOf(profile: ProfileRecord | undefined) {
  const { display_name, os_account } = profile ?? OPERATOR_PROFILE;
  return { display_name, os_account };
}

const OPERATOR_PROFILE = { display_name: 'Host', os_account: { kind: 'operator' } } as const;

/** What shows a person's desktop: a display of its own, whatever the operator's is. */
const PERSONS_BACKEND = 'xvfb';

function isOperators(profile: ProfileRecord | undefined): boolean {
  return ownerOf(profile).os_account.kind === 'operator';
}
