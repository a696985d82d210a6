import { type ErrorCode, isCoded, RejectReason, UnavailableDetail } from '@usher/sdk';
import { chooseLanguage, type Language } from '../wording.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { REJECT_REMEDIES, REMEDIES, type Remedy, UNAVAILABLE_REMEDIES, USB_DEVICE } from './remedies.ts';
import type { FailureText, FailureTexts, RejectName, UnavailableName } from './texts.ts';

/** A failure as a page shows it. */
export interface Failure {
  readonly code: ErrorCode;
  /** Set where a profile was refused. */
  readonly reject: RejectName | undefined;
  /** What goes with `SessionUnavailable`, where the host says it. */
  readonly detail?: UnavailableName;
  /** The other side's own words: English, for whoever looks closer. */
  readonly message: string;
  /** Seconds after which another try is worth it. */
  readonly retrySeconds: number | undefined;
  /** The USB device that it is about, as `VID:PID`: never its serial number, which is the device's own text and would stand in a command. */
  readonly usbDevice?: string;
}

/** A host says them as text, and a person is to run the command. */
const USB_IDS = /^[0-9a-f]{4}:[0-9a-f]{4}$/u;
const TEXTS: Readonly<Record<Language, FailureTexts>> = { en, de };

/** The one place where anything thrown becomes what a page can show. What has no code is a bug of ours: `internal`. */
export function toFailure(error: unknown): Failure {
  if (!isCoded(error)) return { code: 'internal', reject: undefined, message: '', retrySeconds: undefined };
  const reject = 'reject' in error ? rejectName(error.reject) : undefined;
  const detail = 'detail' in error ? unavailableName(error.detail) : undefined;
  const { code, message, retrySeconds } = error;
  return { code, reject, ...(detail === undefined ? {} : { detail }), message, retrySeconds };
}

export function failureText(failure: Pick<Failure, 'code' | 'reject' | 'detail'>, language: string): FailureText {
  const texts = TEXTS[chooseLanguage([language])];
  if (failure.reject === 'SessionUnavailable' && failure.detail !== undefined) return texts.unavailable[failure.detail];
  return failure.reject === undefined ? texts.codes[failure.code] : texts.rejects[failure.reject];
}

export function remedyFor(failure: Pick<Failure, 'code' | 'reject' | 'detail' | 'usbDevice'>): Remedy {
  const remedy = remedyOf(failure);
  if (remedy.command === undefined || failure.usbDevice === undefined || !USB_IDS.test(failure.usbDevice)) return remedy;
  return { ...remedy, command: remedy.command.replace(USB_DEVICE, failure.usbDevice) };
}

function remedyOf(failure: Pick<Failure, 'code' | 'reject' | 'detail'>): Remedy {
  if (failure.reject === 'SessionUnavailable' && failure.detail !== undefined) return UNAVAILABLE_REMEDIES[failure.detail];
  return failure.reject === undefined ? REMEDIES[failure.code] : REJECT_REMEDIES[failure.reject];
}

/** A code as the host's API spells it; one of a newer host reads as `internal`. */
export function knownCode(text: string): ErrorCode {
  return CODES.find((code) => code === text) ?? 'internal';
}

function rejectName(reason: unknown): RejectName | undefined {
  return REJECT_NAMES.find((name) => RejectReason[name] === reason);
}

function unavailableName(detail: unknown): UnavailableName | undefined {
  return UNAVAILABLE_NAMES.find((name) => UnavailableDetail[name] === detail);
}

const REJECT_NAMES = Object.keys(RejectReason) as readonly RejectName[]; // keys of a literal: exactly RejectName
const UNAVAILABLE_NAMES = Object.keys(UNAVAILABLE_REMEDIES) as readonly UnavailableName[]; // the type holds it to exactly UnavailableName
const CODES = Object.keys(REMEDIES) as readonly ErrorCode[]; // the type holds it to exactly ErrorCode
