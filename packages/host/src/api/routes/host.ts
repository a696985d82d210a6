import type { Api, ApiParts } from '../parts.ts';
import { hostStatus } from '../schema.ts';

export function registerHostRoutes(api: Api, parts: ApiParts): void {
  const startedMs = parts.clock.now();
  api.get(
    '/api/v1/host',
    {
      config: { access: 'bearer' },
      schema: { operationId: 'getHost', summary: 'The host at a glance', tags: ['host'], response: { 200: hostStatus } },
    },
    () => ({
      version: parts.host.version,
      name: parts.host.name,
      fingerprint: parts.host.fingerprint,
      url: parts.host.url(),
      uptime_seconds: Math.floor((parts.clock.now() - startedMs) / 1000),
      sessions: parts.sessions.list().length,
      paired_devices: parts.paired.list().length,
      pending: parts.knocks.list().length,
      usb: { enabled: parts.usb.enabled(), ...parts.usb.status() },
      isolating_profiles: parts.host.isolatingProfiles(),
      problems: parts.host.problems().map(({ code, message }) => ({ code, detail: message })),
    }),
  );
}
