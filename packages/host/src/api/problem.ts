import { STATUS_CODES } from 'node:http';
import { CodedError, ERRORS, type ErrorCode, isCoded, toWire } from '@usher/protocol';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

/** An error as the API answers it (RFC 9457); the code is a row of docs/errors.md. */
interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
}

export interface ProblemAnswer {
  readonly body: Problem;
  /** For the header `Retry-After`. */
  readonly retrySeconds?: number;
}

/** The one place where failures become answers. Nothing but a coded error's own message leaves the process. */
export function problemOf(error: unknown): ProblemAnswer {
  const { code, message, retrySeconds } = toWire(asCoded(error));
  const status = ERRORS[code].http;
  return {
    body: { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail: message },
    ...(retrySeconds === undefined ? {} : { retrySeconds }),
  };
}

function asCoded(error: unknown): unknown {
  if (isCoded(error)) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation;
    const path = (first?.instancePath ?? '').split('/').filter((name) => name !== '');
    const where = [error.validationContext ?? 'request', ...path].join('.');
    return new CodedError('message.malformed', `${where}: ${complaintOf(first)}`);
  }
  switch (clientFault(error)) {
    case undefined:
      return error;
    case 413:
      return new CodedError('frame.oversized', 'the request body is larger than this route takes');
    default:
      return new CodedError('message.malformed', 'the request can not be read; a body is JSON, with the content type application/json');
  }
}

/** The validator's own words, but where they would quote a name that somebody sent: it may be what a person typed (requirement P2.4). */
function complaintOf(issue: { readonly keyword: string; readonly message?: string } | undefined): string {
  if (issue?.keyword === 'unrecognized_keys') return 'there is a field that /openapi.json does not have';
  return issue?.message ?? 'not as described in /openapi.json';
}

/** The 4xx status that fastify itself gives to what it can't read. */
function clientFault(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  return error.statusCode >= 400 && error.statusCode < 500 ? error.statusCode : undefined;
}
