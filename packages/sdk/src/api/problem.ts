import { CodedError, isCoded, isErrorCode, Reader } from '@usher/protocol';

/** What the generated calls settle with: an answer, or whatever went wrong. There is no response where none came. */
interface Answer<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly response: Response | undefined;
}

/** The one place where the API's failures become coded errors: problem+json by its code, everything else by what is known. */
export async function answerOf<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (response === undefined) throw unanswered(error);
  if (data === undefined) throw problemOf(error, response);
  return data;
}

function unanswered(error: unknown): unknown {
  if (isCoded(error) || (error instanceof Error && error.name === 'AbortError')) return error;
  return new CodedError('host.unreachable', 'the host does not answer', { cause: error });
}

function problemOf(error: unknown, response: Response): CodedError {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retry = Number.isInteger(retryAfter) && retryAfter >= 0 ? { retrySeconds: retryAfter } : {};
  try {
    const problem = Reader.of(error, 'problem');
    const code = problem.string('code', 64);
    return new CodedError(isErrorCode(code) ? code : 'internal', problem.string('detail', 4096), retry);
  } catch (cause) {
    // Not the host itself: a proxy in front of it answers with a page of its own.
    return new CodedError('host.unreachable', `the host's address answers with HTTP ${response.status}`, { cause, ...retry });
  }
}
