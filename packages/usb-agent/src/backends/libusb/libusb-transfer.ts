import type { Device, Transfer } from 'usb';

/** The part of the package that transfers need; its types hide the constructor behind `usb`. */
export type TransferConstructor = new (
  device: Device,
  endpoint: number,
  type: number,
  timeout: number,
  callback: (error: Error | undefined, buffer: Buffer, actual: number) => void,
) => Transfer;

/**
 * Submits `buffer` and settles with the number of bytes that moved; libusb's failures pass through as they are. It is submitted without
 * a timeout of libusb's own, which in the prebuilt package may fire a minute late (lab §4, quirk 1): whoever aborts `stop` cancels it.
 */
export function submitTransfer(
  Transfer: TransferConstructor,
  what: { readonly device: Device; readonly endpoint: number; readonly type: number; readonly buffer: Buffer },
  stop: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const transfer = new Transfer(what.device, what.endpoint, what.type, 0, (error, _buffer, actual) => {
      stop.removeEventListener('abort', cancel);
      if (error === undefined) resolve(actual);
      else reject(error);
    });
    const cancel = () => {
      try {
        transfer.cancel();
      } catch {
        // The device is gone: libusb is about to give the transfer back by itself.
      }
    };
    transfer.submit(what.buffer); // throws where libusb refuses at once
    if (stop.aborted) cancel();
    else stop.addEventListener('abort', cancel, { once: true });
  });
}
