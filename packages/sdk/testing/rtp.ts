/** One RTP packet as a host sends it. */
export function rtpPacket(fields: {
  readonly sequence: number;
  readonly timestamp?: number;
  readonly marker?: boolean;
  readonly payload: Uint8Array;
  readonly payloadType?: number;
  /** Words of the header extension. */
  readonly extension?: number;
  readonly padding?: number;
}): Uint8Array {
  const { extension, padding = 0 } = fields;
  const head = 12 + (extension === undefined ? 0 : 4 + extension * 4);
  const bytes = new Uint8Array(head + fields.payload.length + padding);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80 | (extension === undefined ? 0 : 0x10) | (padding > 0 ? 0x20 : 0));
  view.setUint8(1, (fields.marker ? 0x80 : 0) | (fields.payloadType ?? 102));
  view.setUint16(2, fields.sequence & 0xffff);
  view.setUint32(4, fields.timestamp ?? 0);
  if (extension !== undefined) view.setUint16(14, extension);
  bytes.set(fields.payload, head);
  if (padding > 0) view.setUint8(bytes.length - 1, padding);
  return bytes;
}
