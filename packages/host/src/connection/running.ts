import { isPlausibleMode, limitMode, type SessionDefaults } from '@usher/domain';
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
import type { InputLabel } from './session-peer.ts';

/**
 * Messages on `control` after Welcome (design §3). A wish for another size meets the profile's limits again (requirement P5.5).
 * `monotonicNs` is the host's clock for the echo, in nanoseconds.
 */
export function answerControl(
  message: Uint8Array,
  session: OpenSession,
  limits: SessionDefaults,
  send: (message: Uint8Array) => void,
  monotonicNs: () => bigint,
): void {
  const kind = messageKind(message);
  if (kind === MessageType.Reconfigure) {
    const wish = decodeReconfigure(message);
    // A window without a size is no wish; the page hears what holds.
    if (isPlausibleMode(wish)) session.resize(limitMode(wish, limits));
    else send(encodeReconfigured({ accepted: false, ...session.mode }));
  } else if (kind === MessageType.RequestKeyframe) {
    decodeRequestKeyframe(message);
    session.requestKeyframe();
  } else if (kind === MessageType.ClockProbe) {
    const t2 = monotonicNs();
    const t1 = decodeClockProbe(message);
    send(encodeClockEcho({ t1, t2, t3: monotonicNs() }));
  } else throw new CodedError('message.unexpected', 'a running session has no such message');
}

/**
 * Input events of a viewer. What may get lost or overtake (`pointer`) is motion only: a key that stays down would be worse. `affords`
 * counts events: motion above the budget is left out, anything else above it ends the viewer.
 */
export function takeInput(label: InputLabel, message: Uint8Array, session: OpenSession, affords: (events: number) => boolean): void {
  const events = decodeInput(message);
  const others = events.filter(({ kind }) => kind !== InputKind.PointerMoveBy && kind !== InputKind.PointerMoveTo);
  if (label === 'pointer' && others.length > 0) throw new CodedError('message.unexpected', 'the channel pointer carries motion only');
  if (affords(events.length)) session.input(events);
  else if (others.length > 0) throw new CodedError('message.unexpected', 'more input than a person makes');
}
