import { decodeFrame, decodeOpen, decodeResume, encodeFrame, encodeOpen, encodeResume, Op } from '@usher/protocol';

/** Makes our own viewer one that never heard of v2: its OPENs and RESUMEs don't ask for it, as an AutoControl viewer's don't. */
export function speakingBaseOnly(send: (frame: Uint8Array) => void | Promise<void>): (frame: Uint8Array) => void | Promise<void> {
  return (bytes) => {
    const frame = decodeFrame(bytes);
    if (frame.op === Op.Open) return send(encodeFrame({ ...frame, payload: encodeOpen(decodeOpen(frame.payload)) }));
    if (frame.op === Op.Resume) return send(encodeFrame({ ...frame, payload: encodeResume(decodeResume(frame.payload)) }));
    return send(bytes);
  };
}
