import { pino } from 'pino';
import type { Logger } from '../src/log.ts';

/** For who isn't asked what it logs. */
export const silentLog: Logger = pino({ level: 'silent' });
