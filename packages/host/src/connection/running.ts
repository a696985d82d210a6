import { clampMode, isPlausibleMode } from '@usher/domain';
import {
  CodedError,
  decodeClockProbe,
  decodeInput,
  decodeReconfigure,
  decodeRequestKeyframe,
  encodeClockEcho,
  encodeReconfigured,
  InputKind,
  MessageType,
  messageKind,
} from '@usher/protocol';
import type { OpenSession } from '../sessions/sessions.ts';

/** Messages on `control` after Welcome (design §3). `monotonicNs` is the host's clock for the echo, in nanoseconds. */
export function answerControl(
  message: Uint8Array,
  session: OpenSession,
  send: (message: Uint8Array) => void,
  monotonicNs: () => bigint,
): void {
  switch (messageKind(message)) {
    case MessageType.Reconfigure: {
      const wish = decodeReconfigure(message);
      // A window without a size is no wish; the page hears what holds.
      if (isPlausibleMode(wish)) session.resize(clampMode(wish));
      else send(encodeReconfigured({ accepted: false, ...session.mode }));
      return;
    }
    case MessageType.RequestKeyframe:
      decodeRequestKeyframe(message);
      session.requestKeyframe();
      return;
    case MessageType.ClockProbe: {
      const t2 = monotonicNs();
      const t1 = decodeClockProbe(message);
      send(encodeClockEcho({ t1, t2, t3: monotonicNs() }));
      return;
    }
    default:
      throw new CodedError('message.unexpected', 'a running session has no such message');
  }
}

/** Input events of a viewer. What may get lost or overtake (`pointer`) is motion only: a key that stays down would be worse. */
export function takeInput(label: 'input' | 'pointer', message: Uint8Array, session: OpenSession): void {
  const events = decodeInput(message);
  const isMotion = (kind: InputKind) => kind === InputKind.PointerMoveBy || kind === InputKind.PointerMoveTo;
  if (label === 'pointer' && !events.every((event) => isMotion(event.kind))) {
    throw new CodedError('message.unexpected', 'the channel pointer carries motion only');
  }
  session.input(events);
}
