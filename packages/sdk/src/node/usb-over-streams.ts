import type { Readable, Writable } from 'node:stream';
import { CodedError, EnvelopeDecoder, envelope, isCoded, MAX_PAYLOAD } from '@usher/protocol';
import { UsbClient } from '@usher/usb';

/** A header and a full payload (rule U2). */
const FRAME_MAX = 4 + MAX_PAYLOAD;
/** Bytes that may wait to be sent, as on a WebRTC channel: the windows of four claims, and the frames around them. */
const WAITING_MAX = 10 * 1024 * 1024;

/**
 * A viewer of whoever lends devices at the other end of two byte streams, `u32 big-endian length ‖ frame` both ways: `usher usb stdio`, an
 * AutoControl host, here or through ssh (U4.4). Its client ends with the streams.
 */
export function usbOverStreams(input: Readable, output: Writable): UsbClient {
  const client = new UsbClient({
    send: (frame) => {
      if (output.writableLength > WAITING_MAX) throw new CodedError('session.transport', 'the host does not take USB frames any more');
      output.write(envelope(frame));
    },
  });
  const lost = (reason: string, cause?: unknown) => client.shutdown(new CodedError('session.transport', reason, { cause }));
  const decoder = new EnvelopeDecoder(FRAME_MAX);
  input.on('data', (chunk: Uint8Array) => {
    try {
      for (const frame of decoder.push(chunk)) client.receive(frame);
    } catch (error) {
      lost(isCoded(error) ? `what comes is no USB frame: ${error.message}` : 'what comes is no USB frame', error);
      input.destroy();
    }
  });
  input.once('close', () => lost('the host that lends ended'));
  for (const stream of [input, output]) stream.on('error', (error) => lost('the way to the host that lends broke', error));
  return client;
}
