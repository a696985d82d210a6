import { z } from 'zod';
import { usbDevice } from './schema.ts';

/** Hotplug and the rules' signature, as the usb-agent answers them (facts of AutoControl's REST API, requirements U3.2 and U5.1). */

const seq = z.int().min(0);

export const usbEventsQuery = z.object({
  since: z.coerce.number().int().min(0).default(0).meta({ description: 'Only events with a higher `seq`' }),
  limit: z.coerce.number().int().min(1).max(500).default(500).meta({ description: 'At most so many, the newest' }),
});

export const usbEvent = z.object({ seq, kind: z.enum(['added', 'removed']), device: usbDevice }).meta({ id: 'UsbEvent' });

export const usbEvents = z
  .object({
    events: z.array(usbEvent),
    count: z.int().min(0),
    watcher_running: z.boolean(),
    last_seq: seq.meta({ description: 'The latest number given; numbers start again at 1 with the usb-agent' }),
  })
  .meta({ id: 'UsbEvents' });

export const aclSigned = z.object({ signed: z.literal(true), rules: z.int().min(0) }).meta({ id: 'UsbAclSigned' });
