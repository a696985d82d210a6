import { readFileSync } from 'node:fs';
import { CodedError, ERRORS, type ErrorCode } from '@usher/sdk/node';
import { describe, expect, it } from 'vitest';
import { ExitCode, exitCodeOf } from './exit-codes.ts';

const CODES = Object.keys(ERRORS) as ErrorCode[]; // keys of a literal: exactly ErrorCode
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('exit codes', () => {
  it.each([
    ['pairing.wrong-pin', 3],
    ['pairing.not-armed', 5],
    ['pairing.cooling-down', 5],
    ['pairing.host-changed', 5],
    ['device.denied', 3],
    ['device.removed', 4],
    ['device.knock-expired', 6],
    ['session.no-frames', 6],
    ['session.no-codec', 8],
    ['session.transport', 7],
    ['session.worker-lost', 7],
    ['host.unreachable', 7],
    ['config.invalid', 2],
    ['store.unreadable', 1],
    ['api.not-found', 4],
    ['api.unauthorized', 3],
    ['usb.disabled', 3],
    ['internal', 1],
  ] as const)('design §6: %s ends with %i', (code, exitCode) => {
    expect(exitCodeOf(new CodedError(code, 'x'))).toBe(exitCode);
  });

  it.each(CODES)('design §6: %s never ends with success, nor as only a bug does', (code) => {
    const exitCode = exitCodeOf(new CodedError(code, 'x'));
    expect(exitCode).toBeGreaterThan(0);
    if (ERRORS[code].http !== 500) expect(exitCode).not.toBe(ExitCode.Failed);
  });

  it('design §6: what has no code is a failure', () => {
    expect(exitCodeOf(new TypeError('x'))).toBe(ExitCode.Failed);
  });

  it.each(Object.values(ExitCode))('design §6: the README explains %i', (exitCode) => {
    expect(readme).toMatch(new RegExp(`^\\| ${exitCode} +\\| \\S`, 'm'));
  });
});
