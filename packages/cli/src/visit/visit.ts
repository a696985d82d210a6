import {
  CodedError,
  ConnectError,
  type ConnectStage,
  connect,
  fingerprint,
  isCoded,
  type Mode,
  openFileIdentity,
  passcodeBytes,
  RejectReason,
  type Session,
  statusOfCode,
  UnavailableDetail,
  type UsbDeviceInfo,
} from '@usher/sdk/node';
import type { Terminal } from '../terminal.ts';
import { reportOf, type VisitFailure, type VisitFindings, type VisitReport } from './report.ts';

/** A session that is listed lends at once; a host without lending answers at once too. Nobody should wait longer for an extra. */
const USB_EXTRA_MS = 2_000;
const USB_REQUIRED_MS = 10_000;
/** However short the stay was to be, a first picture may take this long: what a slow host needs to start a desktop's encoder, and far more. */
const FIRST_PICTURE_SECONDS = 15;
const LOOK_EVERY_MS = 50;
const PING_EVERY_MS = 1_000;
/** Round trips kept for the median; a stay of hours needs no more. */
const PINGS_MAX = 600;

export interface VisitRequest {
  readonly url: string;
  readonly keyFile: string;
  readonly deviceName: string;
  readonly mode: Mode;
  readonly seconds: number;
  /** Whether a listing of the lent USB devices must come about. */
  readonly requireUsb: boolean;
  readonly pin?: string;
  readonly profile?: string;
  readonly passcode?: string;
  /** The id of a title that the session is to begin with. */
  readonly launch?: string;
  readonly hostFingerprint?: string;
}

export interface Visit {
  readonly report: VisitReport;
  /** Why it wasn't ok; undefined where it was. */
  readonly error: unknown;
}

type Findings = { -readonly [Name in keyof VisitFindings]: VisitFindings[Name] };

/** Connects, stays, leaves. Never throws: whatever happens is part of the report. */
export async function visit(request: VisitRequest, terminal: Pick<Terminal, 'err' | 'signal'>): Promise<Visit> {
  const findings: Findings = {};
  const error = await attempt(request, findings, terminal).catch((caught: unknown) =>
    terminal.signal.aborted ? new CodedError('session.transport', 'interrupted') : caught,
  );
  return { report: reportOf(findings, failureOf(error)), error };
}

/** Fills in what was found; the reason where the visit didn't go as it was asked to. */
async function attempt(request: VisitRequest, findings: Findings, terminal: Pick<Terminal, 'err' | 'signal'>): Promise<unknown> {
  const startedAtMs = performance.now();
  await using session = await enter(request, terminal);
  findings.profile = session.profile;
  findings.hostFingerprint = session.hostFingerprint;
  const problem = await stay(session, request, findings, terminal.signal);
  findings.stats = await session.stats();
  if (session.firstFrameAtMs !== undefined) findings.firstFrameMs = session.firstFrameAtMs - startedAtMs;
  if (problem !== undefined || findings.stats.video.frames > 0) return problem;
  return new CodedError('session.no-frames', `no picture came within ${Math.max(request.seconds, FIRST_PICTURE_SECONDS)} s`);
}

async function enter(request: VisitRequest, terminal: Pick<Terminal, 'err' | 'signal'>): Promise<Session> {
  const { url, deviceName, mode, pin, profile, launch, hostFingerprint } = request;
  const passcode = request.passcode === undefined ? undefined : passcodeBytes(request.passcode);
  try {
    return await connect({
      url,
      identity: await openFileIdentity(request.keyFile),
      deviceName,
      mode,
      signal: terminal.signal,
      ...(pin === undefined ? {} : { pin }),
      ...(profile === undefined ? {} : { profile }),
      ...(passcode === undefined ? {} : { passcode }),
      ...(launch === undefined ? {} : { launch }),
      ...(hostFingerprint === undefined ? {} : { hostFingerprint: fingerprint(hostFingerprint) }),
      onProgress: (stage) => terminal.err(STAGES[stage]),
      onKnock: (secondsLeft) => terminal.err(`The operator has ${Math.ceil(secondsLeft / 60)} minutes to approve it.`),
    });
  } finally {
    passcode?.fill(0); // requirement P2.4
  }
}

const STAGES: Readonly<Record<ConnectStage, string>> = {
  signalling: 'Reaching the host …',
  connecting: 'Connecting …',
  pairing: 'Pairing …',
  'waiting-for-approval': 'This device isn’t paired; waiting for the operator …',
  starting: 'Entering …',
};

/** Stays for the seconds asked for and until there is a picture, or until Ctrl-C. The reason where the session ended by itself, or lacks what it must have. */
async function stay(session: Session, request: VisitRequest, findings: Findings, signal: AbortSignal): Promise<unknown> {
  const roundTrips: number[] = [];
  const ping = () => session.ping().then((ms) => roundTrips.length < PINGS_MAX && roundTrips.push(ms), ignoreLost);
  void ping();
  const pinging = setInterval(() => void ping(), PING_EVERY_MS);
  const usb = listUsb(session, request.requireUsb).then(
    (devices) => {
      if (devices !== undefined) findings.usbDevices = devices;
      return undefined;
    },
    (error: unknown) => error,
  );
  try {
    const ended = await over(session, request.seconds, signal);
    return ended ?? (await usb);
  } finally {
    clearInterval(pinging);
    findings.roundTripsMs = roundTrips;
  }
}

/** A round trip that was lost is one figure less; what broke the connection ends the session with its own reason. */
function ignoreLost(): void {}

function over(session: Session, seconds: number, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    const patienceEndsMs = performance.now() + FIRST_PICTURE_SECONDS * 1000;
    const look = () => {
      if (session.firstFrameAtMs !== undefined || performance.now() >= patienceEndsMs) settle(undefined);
      else timer = setTimeout(look, LOOK_EVERY_MS);
    };
    let timer = setTimeout(look, seconds * 1000);
    const abort = () => settle(undefined); // whoever was patient enough has seen enough
    const settle = (reason: unknown) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(reason);
    };
    session.on('ended', settle);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}

/** Undefined where the host lends nothing, or doesn't say so in time and it needn't. */
async function listUsb(session: Session, required: boolean): Promise<readonly UsbDeviceInfo[] | undefined> {
  const listing = session.usb().then((client) => client.list());
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new CodedError('usb.timeout', 'the host did not list its USB devices in time');
    timer = setTimeout(() => reject(error), required ? USB_REQUIRED_MS : USB_EXTRA_MS);
  });
  try {
    return await Promise.race([listing, late]);
  } catch (error) {
    if (required) throw error;
    return undefined; // an extra that the host doesn't give
  } finally {
    clearTimeout(timer);
  }
}

function failureOf(error: unknown): VisitFailure | undefined {
  if (error === undefined) return undefined;
  if (!isCoded(error)) return { code: 'internal', status: 'Panic', message: 'an unexpected error' };
  const { code, message, retrySeconds } = error;
  const status = error instanceof ConnectError ? error.status : statusOfCode(code);
  return { code, status, message, ...(retrySeconds === undefined ? {} : { retrySeconds }), ...refusalOf(error) };
}

/** The host's own words for a refused profile, by name: a script tells a wrong passcode from a missing one. */
function refusalOf(error: unknown): Pick<VisitFailure, 'reject' | 'detail'> {
  if (!(error instanceof ConnectError) || error.reject === undefined) return {};
  const reject = nameOf(RejectReason, error.reject);
  const detail = error.detail === UnavailableDetail.None ? undefined : nameOf(UnavailableDetail, error.detail);
  return { ...(reject === undefined ? {} : { reject }), ...(detail === undefined || detail === 'None' ? {} : { detail }) };
}

function nameOf<Name extends string>(table: Readonly<Record<Name, number>>, value: number): Name | undefined {
  return (Object.keys(table) as Name[]).find((name) => table[name] === value); // the keys of the table's own type
}
