import { USB_RISKS } from '@usher/protocol';
import { z } from 'zod';

/** Questions to the operator (U3.3), and what is moved by whom (U5.5). */

const viewer = z.string().meta({ description: "Fingerprint of the viewer's device, or `loopback` for this API" });
const profile = z.string().meta({ description: '`operator`, or the id of a profile' });
const id = z.string().regex(/^[0-9a-f]{16}$/);
const count = z.int().min(0);

const usbPrompt = z
  .object({
    id,
    vendor_id: z.string(),
    product_id: z.string(),
    serial: z.string().nullable(),
    manufacturer: z.string().nullable(),
    product: z.string().nullable(),
    bus_location: z.string(),
    risks: z.array(z.enum(USB_RISKS)).meta({ description: 'What lending this kind of device may do to its owner' }),
    label: z.string().meta({ description: 'Of the rule that asks; empty where it has none, or where the kind of device asks' }),
    viewer,
    viewer_name: z.string(),
    profile,
    profile_name: z.string(),
    since_unix: count,
    expires_unix: count.meta({ description: 'Unanswered, the device is denied then' }),
  })
  .meta({ id: 'UsbPrompt' });
export const usbPrompts = z.object({ prompts: z.array(usbPrompt) }).meta({ id: 'UsbPrompts' });
export const promptPath = z.object({ id });
export const promptAnswer = z
  .strictObject({
    allow: z.boolean(),
    remember: z.boolean().default(false).meta({ description: 'Makes a rule of the answer, in place of the one that asked' }),
  })
  .meta({ id: 'UsbPromptAnswer' });

const rate = z.number().min(0).meta({ description: 'Bytes a second, since the statistics were asked for before' });
export const usbStatistics = z
  .object({
    claims: z.array(
      z
        .object({
          claim: count,
          viewer,
          viewer_name: z.string(),
          profile: profile.nullable(),
          profile_name: z.string().meta({ description: 'Empty, and the profile null, while the viewer is away' }),
          vendor_id: z.string(),
          product_id: z.string(),
          serial: z.string().nullable(),
          product: z.string().nullable(),
          bus_location: z.string(),
          held: z.boolean().meta({ description: 'False: the viewer is away, and may come back for it' }),
          protocol: z.enum(['base', 'v2']),
          open_ms: count,
          transfers: count,
          errors: count,
          in_flight: count,
          bytes_in: count.meta({ description: 'Read from the device' }),
          bytes_out: count.meta({ description: 'Written to it' }),
          bytes_in_per_second: rate,
          bytes_out_per_second: rate,
        })
        .meta({ id: 'UsbClaimStatistics' }),
    ),
    viewers: z.array(
      z
        .object({
          viewer,
          viewer_name: z.string(),
          profile,
          profile_name: z.string(),
          bytes_from_viewer: count.meta({ description: 'Frames on the channel, everything included' }),
          bytes_to_viewer: count,
          waiting_frames: count.meta({ description: 'Answers that the viewer has not taken yet' }),
          rtt_ms: z.number().min(0).optional().meta({ description: "Round trip of the viewer's session; absent until measured" }),
          loss: z.number().min(0).max(1).optional().meta({ description: 'Share of packets that the viewer missed last' }),
        })
        .meta({ id: 'UsbViewerStatistics' }),
    ),
    prompts: count.meta({ description: 'Questions that are open' }),
  })
  .meta({ id: 'UsbStatistics' });
export const claimPath = z.object({ claim: z.coerce.number().int().min(1).max(0xfffe) });
