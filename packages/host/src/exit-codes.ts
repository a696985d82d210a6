import { isCoded } from '@usher/protocol';

/** How the process ends; packages/host/README.md tells operators the same. */
export const ExitCode = { Clean: 0, Internal: 1, Configuration: 2, PortInUse: 3, AlreadyRunning: 4 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The exit code of a start that failed. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!isCoded(error)) return ExitCode.Internal;
  if (error.code === 'host.port-in-use') return ExitCode.PortInUse;
  if (error.code === 'host.already-running') return ExitCode.AlreadyRunning;
  return error.code === 'config.invalid' || error.code.startsWith('store.') ? ExitCode.Configuration : ExitCode.Internal;
}
