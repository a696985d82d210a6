/** The ioctls of Linux's usbfs that libusb uses (`linux/usbdevice_fs.h`), as 64-bit little-endian machines number them. */
export const Ioctl = {
  ResetEndpoint: 0x80045503,
  SetInterface: 0x80085504,
  SetConfiguration: 0x80045505,
  GetDriver: 0x41045508,
  SubmitUrb: 0x8038550a,
  DiscardUrb: 0x550b,
  ReapUrb: 0x4008550c,
  ReapUrbNoDelay: 0x4008550d,
  ClaimInterface: 0x8004550f,
  ReleaseInterface: 0x80045510,
  InterfaceIoctl: 0xc0105512,
  Reset: 0x5514,
  ClearHalt: 0x80045515,
  Disconnect: 0x5516,
  Connect: 0x5517,
  GetCapabilities: 0x8004551a,
  DisconnectClaim: 0x8108551b,
  GetSpeed: 0x551f,
} as const;

export const Errno = {
  NoEntry: 2,
  Again: 11,
  Busy: 16,
  NoDevice: 19,
  Invalid: 22,
  NotTty: 25,
  Pipe: 32,
  NoData: 61,
  Protocol: 71,
  Shutdown: 108,
} as const;

/** ZERO_PACKET, NO_PACKET_SIZE_LIM, REAP_AFTER_DISCONNECT. */
export const CAPABILITIES = 0x01 | 0x04 | 0x10;
export const UrbType = { Interrupt: 1, Control: 2, Bulk: 3 } as const;
/** `struct usbdevfs_urb` without its isochronous tail. */
export const URB_BYTES = 56;
export const URB_STATUS_OFFSET = 4n;
export const URB_ACTUAL_OFFSET = 28n;

export interface UrbHeader {
  readonly type: number;
  readonly endpoint: number;
  readonly buffer: bigint;
  readonly length: number;
}

export function readUrb(bytes: Buffer): UrbHeader {
  return { type: bytes.readUInt8(0), endpoint: bytes.readUInt8(1), buffer: bytes.readBigUInt64LE(16), length: bytes.readInt32LE(24) };
}
