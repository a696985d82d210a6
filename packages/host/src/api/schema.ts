import { USB_RISKS } from '@usher/protocol';
import { z } from 'zod';
import { sessionAccount, storedProfileId } from './profile-schema.ts';

/** The API's data, as it is answered and documented: snake_case, times in Unix seconds. `id` becomes the name in openapi.json. */

const fingerprint = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'Lowercase hex SHA-256 of a device certificate' });
const errorCode = z.string().meta({ description: 'A code of docs/errors.md' });
const unixSeconds = z.int().min(0);
const usbId = z.string().regex(/^[0-9a-fA-F]{4}$/);

export const problem = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    code: errorCode,
    detail: z.string(),
  })
  .meta({ id: 'Problem' });

export const health = z.object({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Health' });

export const login = z.strictObject({ token: z.string().min(1).max(256) }).meta({ id: 'Login' });
export const consoleSession = z.object({ signed_in: z.boolean() }).meta({ id: 'ConsoleSession' });

export const hostStatus = z
  .object({
    version: z.string(),
    name: z.string(),
    fingerprint,
    url: z.string(),
    uptime_seconds: z.int().min(0),
    sessions: z.int().min(0),
    paired_devices: z.int().min(0),
    pending: z.int().min(0),
    usb: z.object({ enabled: z.boolean(), running: z.boolean(), backend: z.string().optional(), problem: z.string().optional() }),
    isolating_profiles: z.boolean(),
    problems: z
      .array(z.object({ code: errorCode, detail: z.string() }))
      .meta({ description: 'What the operator has to mend; empty where all is well' }),
  })
  .meta({ id: 'HostStatus' });

export const pairingStatus = z.object({ armed: z.boolean(), expires_unix: unixSeconds.optional() }).meta({ id: 'PairingStatus' });
export const armedPin = z.object({ pin: z.string(), expires_unix: unixSeconds }).meta({ id: 'ArmedPin' });

export const clientList = z
  .object({
    clients: z.array(
      z.object({ fingerprint, name: z.string(), paired_unix: unixSeconds, connected: z.boolean() }).meta({ id: 'PairedClient' }),
    ),
  })
  .meta({ id: 'ClientList' });
export const clientPath = z.object({ fp: fingerprint });

export const pendingList = z
  .object({
    pending: z.array(
      z
        .object({ id: z.string(), name: z.string(), fingerprint, address: z.string(), since_unix: unixSeconds, expires_unix: unixSeconds })
        .meta({ id: 'PendingDevice' }),
    ),
  })
  .meta({ id: 'PendingList' });
export const pendingPath = z.object({ id: z.string().min(1).max(64) });
export const approval = z
  .strictObject({
    name: z.string().trim().min(1).max(64).optional(),
    profile_id: storedProfileId.optional().meta({ description: 'Assigns the device; without it the device keeps its place, or has none' }),
  })
  .meta({ id: 'Approval' });

export const sessionList = z
  .object({
    sessions: z.array(
      z
        .object({
          session_id: z.string(),
          profile_id: z.string(),
          display_name: z.string().meta({ description: "The profile's name" }),
          os_account: sessionAccount,
          backend: z.string().meta({ description: 'What shows the desktop' }),
          client_fp: fingerprint,
          device_name: z.string(),
          started_unix: unixSeconds,
          codec: z.enum(['h264', 'vp8']),
          width: z.int(),
          height: z.int(),
          bitrate_kbps: z.int(),
          rtt_ms: z.number().optional(),
        })
        .meta({ id: 'Session' }),
    ),
  })
  .meta({ id: 'SessionList' });
export const sessionPath = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/) });

export const usbDevice = z
  .object({
    vendor_id: z.string().nullable(),
    product_id: z.string().nullable(),
    manufacturer: z.string().nullable(),
    product: z.string().nullable(),
    serial: z.string().nullable(),
    bus_location: z.string().nullable(),
    risks: z
      .array(z.enum(USB_RISKS))
      .meta({ description: 'What lending it may do to its owner, as far as that can be told without opening it' }),
    extra: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'UsbDevice' });

export const usbDeviceList = z
  .object({
    backend: z.string(),
    error: z.string().nullable(),
    devices: z.array(usbDevice),
    count: z.int().min(0),
  })
  .meta({ id: 'UsbDeviceList' });

export const passthrough = z.object({ enabled: z.boolean() }).meta({ id: 'UsbPassthrough' });
export const passthroughChange = z.strictObject({ enabled: z.boolean().default(true) }).meta({ id: 'UsbPassthroughChange' });

const aclProfile = z
  .string()
  .regex(/^(operator|[0-9a-f]{12})$/)
  .optional()
  .meta({ description: 'The only profile that may claim the device; absent means all' });

export const usbAcl = z
  .object({
    default: z.enum(['allow', 'deny']),
    integrity_ok: z.boolean(),
    problem: z.string().optional().meta({ description: 'Why the file is not trusted; then nothing may be claimed' }),
    mend: z
      .string()
      .optional()
      .meta({ description: 'The command for the host that mends it; absent where the rules must be looked at and signed' }),
    rules: z.array(
      z
        .object({
          vendor_id: z.string(),
          product_id: z.string(),
          serial: z.string().nullable().optional(),
          label: z.string(),
          allow: z.boolean(),
          prompt_on_open: z.boolean(),
          profile: aclProfile,
        })
        .meta({ id: 'UsbAclRule' }),
    ),
  })
  .meta({ id: 'UsbAcl' });
const usbUnit = { vendor_id: usbId, product_id: usbId, serial: z.string().min(1).max(256).nullable().optional() };
export const aclAddition = z
  .strictObject({
    ...usbUnit,
    allow: z.boolean().default(true),
    prompt_on_open: z.boolean().default(false),
    label: z.string().max(256).default(''),
    profile: aclProfile,
  })
  .meta({ id: 'UsbAclAddition' });
export const aclAdded = z.object({ added: z.literal(true), rules: z.int().min(0) }).meta({ id: 'UsbAclAdded' });
export const aclRemoval = z.strictObject(usbUnit).meta({ id: 'UsbAclRemoval' });
export const aclRemoved = z.object({ removed: z.boolean() }).meta({ id: 'UsbAclRemoved' });
export const aclPolicy = z.strictObject({ policy: z.enum(['allow', 'deny']) }).meta({ id: 'UsbAclPolicy' });
export const aclDefault = z.object({ default: z.enum(['allow', 'deny']) }).meta({ id: 'UsbAclDefault' });

export const noContent = z.undefined().meta({ description: 'Done' });
