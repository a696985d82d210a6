import { type RejectReason, type SessionStats, Status, type StatusName, type UnavailableDetail, type UsbDeviceInfo } from '@usher/sdk/node';
import { printable } from '../columns.ts';

/** The answer of `usher connect` (design §6): a contract, so names and units stay. */
export interface VisitReport {
  /** Whether pictures came and the session stayed as long as it was asked to. */
  readonly ok: boolean;
  /** A code of docs/errors.md; only where `ok` is false, as `status` and `message`. */
  readonly code?: string;
  /** The number of the status table. */
  readonly status?: number;
  readonly message?: string;
  readonly retrySeconds?: number;
  /** Why the host refused the profile: `WrongPasscode`, `LockedOut` … (rule C11); only with `profile.rejected`. */
  readonly reject?: RejectName;
  /** What is missing, with `SessionUnavailable`: `NoBroker` … */
  readonly detail?: DetailName;
  /** Null where no session came about. */
  readonly profile: string | null;
  readonly hostFingerprint: string | null;
  readonly video: {
    readonly codec: 'h264' | 'vp8' | null;
    readonly width: number;
    readonly height: number;
    readonly frames: number;
    readonly keyframes: number;
    readonly bytes: number;
    /** Milliseconds from the start of the attempt, waiting for approval included, to the first whole picture. */
    readonly firstFrameMs: number | null;
  };
  readonly audio: { readonly packets: number; readonly bytes: number };
  /** The median of the round trips over `control`, in milliseconds. */
  readonly rttMs: number | null;
  /** Left out where the host lends none. */
  readonly usb?: { readonly devices: readonly UsbDeviceEntry[] };
}

/** A lent device, in the names of the host's API. */
interface UsbDeviceEntry {
  readonly vendor_id: string;
  readonly product_id: string;
  readonly serial: string | null;
  readonly bus_location: string | null;
}

type RejectName = keyof typeof RejectReason;
type DetailName = Exclude<keyof typeof UnavailableDetail, 'None'>;

export interface VisitFailure {
  readonly code: string;
  readonly status: StatusName;
  readonly message: string;
  readonly retrySeconds?: number;
  readonly reject?: RejectName;
  readonly detail?: DetailName;
}

/** What one visit found out, as far as it got. */
export interface VisitFindings {
  readonly profile?: string;
  readonly hostFingerprint?: string;
  readonly stats?: SessionStats;
  readonly firstFrameMs?: number;
  readonly roundTripsMs?: readonly number[];
  readonly usbDevices?: readonly UsbDeviceInfo[];
}

export function reportOf(findings: VisitFindings, failure: VisitFailure | undefined): VisitReport {
  const { stats, usbDevices } = findings;
  return {
    ok: failure === undefined,
    ...(failure === undefined ? {} : failureFields(failure)),
    profile: findings.profile ?? null,
    hostFingerprint: findings.hostFingerprint ?? null,
    video: {
      codec: stats?.codec ?? null,
      width: stats?.video.width ?? 0,
      height: stats?.video.height ?? 0,
      frames: stats?.video.frames ?? 0,
      keyframes: stats?.video.keyframes ?? 0,
      bytes: stats?.video.bytes ?? 0,
      firstFrameMs: findings.firstFrameMs === undefined ? null : rounded(findings.firstFrameMs),
    },
    audio: { packets: stats?.audio.packets ?? 0, bytes: stats?.audio.bytes ?? 0 },
    rttMs: median(findings.roundTripsMs ?? []),
    ...(usbDevices === undefined ? {} : { usb: { devices: usbDevices.map(usbEntry) } }),
  };
}

/** The same for people. */
export function reportText(report: VisitReport): string {
  const { video, audio, usb } = report;
  const lines = [
    report.ok ? 'Pictures came.' : `Failed: ${report.message ?? ''} (${report.code ?? ''}, status ${report.status ?? ''})`,
    ...(report.hostFingerprint === null ? [] : [`host      ${report.hostFingerprint}`]),
    ...(report.profile === null ? [] : [`profile   ${printable(report.profile)}`]),
    ...(video.codec === null
      ? []
      : [
          `video     ${video.codec} ${video.width}×${video.height}, ${video.frames} frames, ${video.keyframes} of them key frames, ${video.bytes} bytes`,
          `sound     ${audio.packets} packets, ${audio.bytes} bytes`,
        ]),
    ...(video.firstFrameMs === null ? [] : [`first     ${video.firstFrameMs} ms`]),
    ...(report.rttMs === null ? [] : [`rtt       ${report.rttMs} ms`]),
    ...(usb?.devices ?? []).map((device) =>
      `usb       ${device.vendor_id}:${device.product_id} ${printable(device.serial ?? '')}`.trimEnd(),
    ),
  ];
  return lines.join('\n');
}

function failureFields({ status, ...failure }: VisitFailure) {
  return { ...failure, status: Status[status] };
}

function usbEntry(device: UsbDeviceInfo): UsbDeviceEntry {
  return {
    vendor_id: device.vendorId,
    product_id: device.productId,
    serial: device.serial ?? null,
    bus_location: device.busLocation ?? null,
  };
}

function median(values: readonly number[]): number | null {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  return middle === undefined ? null : rounded(middle);
}

/** To the hundredth: finer is noise. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
