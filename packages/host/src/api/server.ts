import type { Duplex } from 'node:stream';
import { CodedError } from '@usher/protocol';
import { type FastifyReply, type FastifyRequest, fastify, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from '../log.ts';
import { limitConnections } from './connection-limits.ts';
import { DeviceAccess } from './device-access.ts';
import { hostCheck, registerGuards } from './guards.ts';
import { registerOpenApi } from './openapi.ts';
import { OperatorAccess } from './operator-access.ts';
import { originAllowed } from './origin.ts';
import { registerPages } from './pages.ts';
import type { Api, ApiParts } from './parts.ts';
import { problemOf } from './problem.ts';
import { registerActionRoutes } from './routes/actions.ts';
import { registerAuditRoutes } from './routes/audit.ts';
import { registerConsoleRoutes } from './routes/console.ts';
import { registerDeviceRoutes } from './routes/device.ts';
import { registerHealthRoutes } from './routes/health.ts';
import { registerHostRoutes } from './routes/host.ts';
import { registerLibraryRoutes } from './routes/library.ts';
import { registerNativeRoutes } from './routes/native.ts';
import { registerOsAccountRoutes } from './routes/os-accounts.ts';
import { registerProfileRoutes } from './routes/profiles.ts';
import { registerSessionRoutes } from './routes/sessions.ts';
import { registerUsbRoutes } from './routes/usb.ts';
import { registerLoopbackRoutes } from './routes/usb-handles.ts';
import { registerUsbOperatorRoutes } from './routes/usb-operator.ts';
import { registerUsbRemoteRoutes } from './routes/usb-remote.ts';
import { registerSecurityHeaders, SECURITY_HEADERS } from './security-headers.ts';
import { createUsbDesk } from './usb/usb-desk.ts';
import { UsbStreams } from './usb/usb-streams.ts';

/** What most routes take is under 1 KiB; those that take more say so. */
const BODY_LIMIT = 64 * 1024;
/** A handshake or a request that takes longer to arrive is somebody holding a connection, not using one. */
const ARRIVES_WITHIN_MS = 10_000;

/** The whole HTTPS side: pages, API, and the door of the signalling. It doesn't listen yet. */
export async function createApi(parts: ApiParts): Promise<Api> {
  const api: Api = fastify({
    https: {
      cert: parts.tls.certificate,
      key: parts.tls.key,
      minVersion: 'TLSv1.2',
      handshakeTimeout: ARRIVES_WITHIN_MS,
      headersTimeout: ARRIVES_WITHIN_MS,
      connectionsCheckingInterval: ARRIVES_WITHIN_MS / 2,
    },
    // Its own info lines say for every start and request what ours say once where it matters.
    loggerInstance: parts.log.isLevelEnabled('info') ? parts.log.child({}, { level: 'warn' }) : parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: ARRIVES_WITHIN_MS,
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply, parts.log),
  }).withTypeProvider<ZodTypeProvider>();
  limitConnections(api.server);
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  answerErrors(api, parts.log);
  // No body is an empty one: every field that a caller may leave out has its default in the schema.
  api.addHook('preValidation', (request, _reply, done) => {
    request.body ??= {};
    done();
  });

  const operator = new OperatorAccess(parts.token, parts.clock);
  const devices = new DeviceAccess({ clock: parts.clock, host: parts.host.fingerprint, paired: parts.paired });
  const hostIsOurs = hostCheck(parts);
  registerSecurityHeaders(api);
  await registerGuards(api, { operator, devices, hostIsOurs, local: parts.local });
  await registerOpenApi(api, parts.host.version);
  registerHealthRoutes(api, parts);
  registerConsoleRoutes(api, operator);
  registerDeviceRoutes(api, devices);
  registerHostRoutes(api, parts);
  registerNativeRoutes(api, parts);
  registerProfileRoutes(api, parts);
  registerOsAccountRoutes(api, parts);
  registerLibraryRoutes(api, parts);
  registerSessionRoutes(api, parts);
  registerAuditRoutes(api, parts);
  registerUsb(api, parts);
  await registerPages(api, parts.webRoot);
  openSignalling(api, parts, hostIsOurs);
  return api;
}

function registerUsb(api: Api, parts: ApiParts): void {
  const desk = createUsbDesk(parts);
  const streams = new UsbStreams(desk, parts.clock);
  registerActionRoutes(api, desk, parts.local);
  registerUsbRoutes(api, desk, streams);
  registerUsbOperatorRoutes(api, desk);
  registerLoopbackRoutes(api, desk.loopback, desk.held.local);
  registerUsbRemoteRoutes(api, desk.remotes, desk.held.remote);
  api.addHook('preClose', () => {
    streams.close();
    desk.remotes.close();
    return Promise.resolve();
  });
}

function answerErrors(api: Api, log: Logger): void {
  api.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, log));
  api.setNotFoundHandler((request) => {
    throw new CodedError('api.not-found', `there is no ${request.method} on this path`);
  });
}

/** The headers are said again: an address that can't be decoded comes here past every hook. */
function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): FastifyReply {
  const { body, retrySeconds } = problemOf(error);
  if (body.code === 'internal') log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'a request failed');
  if (retrySeconds !== undefined) reply.header('retry-after', retrySeconds);
  if (body.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(body.status).headers(SECURITY_HEADERS).type('application/problem+json').send(body);
}

/** Upgrades don't pass the routes' guards, so theirs stand here: our own name, our own page or no page at all (rule S1). */
function openSignalling(api: Api, parts: ApiParts, hostIsOurs: (host: string | undefined) => boolean): void {
  api.server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    const { host, origin } = request.headers;
    if (request.url !== '/signal') return refuse(socket, '404 Not Found');
    if (!hostIsOurs(host)) return refuse(socket, '421 Misdirected Request');
    if (!originAllowed(origin, host)) return refuse(socket, '403 Forbidden');
    parts.signalling.accept(request, socket, head);
  });
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => {}); // the stranger may be gone already, and nobody waits for the answer
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
