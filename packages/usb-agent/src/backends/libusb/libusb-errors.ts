import { CodedError } from '@usher/protocol';

/** `libusb_error`: what submitting, claiming and opening fail with. */
const LibusbError = { Access: -3, NoDevice: -4, NotFound: -5, Busy: -6, Timeout: -7, Pipe: -9, NotSupported: -12 } as const;
/** `libusb_transfer_status`: what a transfer that was submitted ends with. The package puts both into `errno`. */
const TransferStatus = { TimedOut: 2, Cancelled: 3, Stall: 4, NoDevice: 5, Overflow: 6 } as const;

/** A failure of the package as one of ours. `what` names the device, for messages that an operator reads. */
export function fromLibusb(error: unknown, what: { readonly vendorId: string; readonly productId: string }): CodedError {
  if (error instanceof CodedError) return error;
  const errno = error instanceof Error && 'errno' in error ? error.errno : undefined;
  const device = `${what.vendorId}:${what.productId}`;
  switch (errno) {
    case LibusbError.Access:
      return new CodedError(
        'usb.no-permission',
        `no permission for device ${device}; let the host's user at it with a udev rule: ${udevRule(what)}`,
        {
          cause: error,
        },
      );
    case LibusbError.NoDevice:
    case LibusbError.NotFound:
    case TransferStatus.NoDevice:
      return new CodedError('usb.device-gone', 'the device was unplugged', { cause: error });
    case LibusbError.Busy:
      return new CodedError('usb.device-busy', `device ${device} is in use by another program`, { cause: error });
    case LibusbError.Pipe:
    case TransferStatus.Stall:
      return new CodedError('usb.stall', 'the device stalled', { cause: error });
    case LibusbError.Timeout:
    case TransferStatus.TimedOut:
      return new CodedError('usb.timeout', 'the device did not answer in time', { cause: error });
    case TransferStatus.Cancelled:
      return new CodedError('usb.cancelled', 'the transfer was cancelled', { cause: error });
    case TransferStatus.Overflow:
      return new CodedError('usb.transfer-failed', 'the device sent more than was asked for', { cause: error });
    case LibusbError.NotSupported:
      return new CodedError('usb.unsupported', `libusb can't do this with device ${device}`, { cause: error });
    default:
      return new CodedError('usb.transfer-failed', `libusb reports error ${typeof errno === 'number' ? errno : 'unknown'}`, {
        cause: error,
      });
  }
}

/** The line for /etc/udev/rules.d that lets the members of plugdev at a device (requirement U2.4). */
function udevRule(device: { readonly vendorId: string; readonly productId: string }): string {
  return `SUBSYSTEM=="usb", ATTR{idVendor}=="${device.vendorId}", ATTR{idProduct}=="${device.productId}", MODE="0660", GROUP="plugdev", TAG+="uaccess"`;
}
