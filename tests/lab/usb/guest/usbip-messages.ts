import type { Setup } from '../../../../packages/usb-agent/src/backends/sim/sim-device.ts';

/** USB/IP 1.1.1, "USB/IP protocol" of the kernel's documentation: each message begins with 48 bytes, big-endian. */
export const HEADER_BYTES = 48;
const Command = { Submit: 1, Unlink: 2, ReturnSubmit: 3, ReturnUnlink: 4 } as const;
const DIRECTION_IN = 1;
/** A URB of usbfs carries at most 16 MiB (`usbfs_memory_mb`), whatever the header says. */
const MAX_DATA = 16 * 1024 * 1024;

export type FromKernel =
  | {
      readonly type: 'submit';
      readonly sequence: number;
      /** The endpoint's number, without its direction. */
      readonly endpoint: number;
      readonly isIn: boolean;
      readonly length: number;
      /** What endpoint 0 is asked. */
      readonly setup: Setup;
    }
  | { readonly type: 'unlink'; readonly sequence: number; readonly victim: number };

/** Bytes that follow the header of a message from the kernel. */
export function bodyLength(header: Buffer): number {
  const message = readHeader(header);
  const length = message.type === 'submit' && !message.isIn ? message.length : 0;
  if (length > MAX_DATA) throw new Error(`the kernel announced ${length} bytes`);
  return length;
}

export function readHeader(header: Buffer): FromKernel {
  const [command, sequence] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (command === Command.Unlink) return { type: 'unlink', sequence, victim: header.readUInt32BE(20) };
  if (command !== Command.Submit) throw new Error(`the kernel said ${command}`);
  return {
    type: 'submit',
    sequence,
    isIn: header.readUInt32BE(12) === DIRECTION_IN,
    endpoint: header.readUInt32BE(16),
    length: header.readUInt32BE(24),
    setup: {
      requestType: header.readUInt8(40),
      request: header.readUInt8(41),
      value: header.readUInt16LE(42),
      index: header.readUInt16LE(44),
      length: header.readUInt16LE(46),
    },
  };
}

/** `status` is 0 or a negative errno; `actual` counts what moved, also where nothing of it travels back. */
export function submitReply(sequence: number, status: number, actual: number, data: Uint8Array): Buffer {
  const reply = Buffer.alloc(HEADER_BYTES + data.length);
  reply.writeUInt32BE(Command.ReturnSubmit, 0);
  reply.writeUInt32BE(sequence, 4);
  reply.writeInt32BE(status, 20);
  reply.writeUInt32BE(actual, 24);
  reply.set(data, HEADER_BYTES);
  return reply;
}

export function unlinkReply(sequence: number, status: number): Buffer {
  const reply = Buffer.alloc(HEADER_BYTES);
  reply.writeUInt32BE(Command.ReturnUnlink, 0);
  reply.writeUInt32BE(sequence, 4);
  reply.writeInt32BE(status, 20);
  return reply;
}
