import { CodedError } from '@usher/protocol';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import type { BearerToken } from '../store/token.ts';
import { CONSOLE_SESSION_SECONDS, ConsoleSessions } from './console-sessions.ts';
import { FailedTokens } from './failed-tokens.ts';

const COOKIE = 'usher_console';
const COOKIE_FLAGS = 'HttpOnly; Secure; SameSite=Strict; Path=/';

/** How the operator proves to be it: the bearer token, or the console's cookie that the token buys (design §3). */
export class OperatorAccess {
  readonly #token: BearerToken;
  readonly #sessions: ConsoleSessions;
  readonly #failures: FailedTokens;

  constructor(token: BearerToken, clock: Clock) {
    this.#token = token;
    this.#sessions = new ConsoleSessions(clock);
    this.#failures = new FailedTokens(clock);
  }

  /** @throws CodedError `api.unauthorized`, or `api.rate-limited` after too many wrong tokens from one address. */
  check(request: FastifyRequest): void {
    const token = bearerOf(request);
    if (token !== undefined) this.#checkToken(token, request.ip);
    else if (!this.signedIn(request)) throw new CodedError('api.unauthorized', 'sign in, or send the header Authorization: Bearer TOKEN');
  }

  signedIn(request: FastifyRequest): boolean {
    const cookie = cookieOf(request);
    return cookie !== undefined && this.#sessions.has(cookie);
  }

  /** The value of `Set-Cookie` for a browser whose operator knows the token; throws as {@link check} does. */
  signIn(token: string, address: string): string {
    this.#checkToken(token, address);
    return `${COOKIE}=${this.#sessions.open()}; ${COOKIE_FLAGS}; Max-Age=${CONSOLE_SESSION_SECONDS}`;
  }

  /** The value of `Set-Cookie` that makes the browser forget. */
  signOut(request: FastifyRequest): string {
    const cookie = cookieOf(request);
    if (cookie !== undefined) this.#sessions.close(cookie);
    return `${COOKIE}=; ${COOKIE_FLAGS}; Max-Age=0`;
  }

  #checkToken(candidate: string, address: string): void {
    const retrySeconds = this.#failures.waitSeconds(address);
    if (retrySeconds > 0) throw new CodedError('api.rate-limited', `too many wrong tokens; wait ${retrySeconds} s`, { retrySeconds });
    if (this.#token.matches(candidate)) return;
    this.#failures.add(address);
    throw new CodedError('api.unauthorized', 'the token is wrong; it is the line in the file "token" of the state directory');
  }
}

/** Whether a browser vouches for the request by itself: then a page of somebody else could have caused it. */
export function usesCookie(request: FastifyRequest): boolean {
  return bearerOf(request) === undefined && cookieOf(request) !== undefined;
}

export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S{1,256})$/i.exec(request.headers.authorization ?? '')?.[1];
}

function cookieOf(request: FastifyRequest): string | undefined {
  return new RegExp(`(?:^|; *)${COOKIE}=([0-9a-f]{64})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1];
}
