import { z } from 'zod';

/** USB devices in the operator's own hands: opened, read and written through the API (`/usb/loopback`, `/usb/remote`). */

/** The agent link carries 512 KiB at a time, as base64 and with room (rule A8). */
const TRANSFER_MAX = 512 * 1024;
/** Largest body of a transfer's route: its data as base64, and the rest of the request. */
export const TRANSFER_BODY_MAX = Math.ceil(TRANSFER_MAX / 3) * 4 + 4096;

const usbId = z
  .string()
  .regex(/^[0-9a-fA-F]{4}$/)
  .meta({ description: 'Four hex digits' });
/** Names a device, and with a serial number one unit of it. */
const usbUnit = { vendor_id: usbId, product_id: usbId, serial: z.string().min(1).max(126).nullable().optional() };

export const usbUnitChoice = z.strictObject(usbUnit).meta({ id: 'UsbUnit' });

const borrowableDevice = z
  .object({ vendor_id: z.string(), product_id: z.string(), serial: z.string().nullable(), bus_location: z.string().nullable() })
  .meta({ id: 'UsbBorrowableDevice' });
export const borrowableDevices = z.object({ devices: z.array(borrowableDevice) }).meta({ id: 'UsbBorrowableDevices' });

export const usbProbe = z
  .object({
    ok: z.literal(true),
    vendor_id: z.string(),
    product_id: z.string(),
    descriptor_hex: z.string().meta({ description: 'The 18 bytes of the device descriptor' }),
    descriptor: z.string().meta({ description: 'The same in one line' }),
  })
  .meta({ id: 'UsbProbe' });

const handle = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .meta({ description: 'A device that the API holds open; given back where nothing is asked of it for five minutes' });
export const handlePath = z.object({ handle });
export const usbHandle = z
  .object({
    handle,
    vendor_id: z.string(),
    product_id: z.string(),
    serial: z.string().nullable().meta({ description: 'As it was asked for' }),
    opened_unix: z.int().min(0),
  })
  .meta({ id: 'UsbHandle' });
export const usbHandles = z.object({ handles: z.array(usbHandle) }).meta({ id: 'UsbHandles' });

const base64 = z
  .string()
  .max(Math.ceil(TRANSFER_MAX / 3) * 4)
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/)
  .optional()
  .meta({ description: 'Base64; what is written' });
const timeoutMs = z.int().min(1).max(60_000).default(1000);

export const controlTransfer = z
  .strictObject({
    bm_request_type: z.int().min(0).max(0xff).meta({ description: 'Bit 7: read' }),
    b_request: z.int().min(0).max(0xff),
    w_value: z.int().min(0).max(0xffff).default(0),
    w_index: z.int().min(0).max(0xffff).default(0),
    length: z.int().min(0).max(0xffff).default(0).meta({ description: 'How much is read' }),
    data: base64,
    timeout_ms: timeoutMs,
  })
  .meta({ id: 'UsbControlTransfer' });

export const endpointTransfer = z
  .strictObject({
    endpoint: z.int().min(0).max(0xff).meta({ description: 'The address, with bit 7 for reading' }),
    length: z.int().min(0).max(TRANSFER_MAX).default(0).meta({ description: 'How much is read' }),
    data: base64,
    timeout_ms: timeoutMs,
  })
  .meta({ id: 'UsbEndpointTransfer' });

export const transferred = z.object({ data: z.string().meta({ description: 'Base64; what was read' }) }).meta({ id: 'UsbTransferred' });

export const usbDescriptors = z
  .object({
    device_hex: z.string(),
    configuration_hex: z.string().meta({ description: 'The active configuration with everything behind it' }),
    strings: z
      .array(z.object({ index: z.int().min(1).max(255), text: z.string() }))
      .meta({ description: 'Those that the descriptors name' }),
  })
  .meta({ id: 'UsbDescriptors' });
