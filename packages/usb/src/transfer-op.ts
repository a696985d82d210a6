import type { Op } from '@usher/protocol';

/** The ops that move data. */
export type TransferOp = typeof Op.Control | typeof Op.Bulk | typeof Op.Interrupt;
