import { useQueryClient } from '@tanstack/react-query';
import { listenToUsb } from '@usher/sdk/api';
import { useEffect } from 'react';
import { hostQuery, usbBorrowableQuery, usbDevicesQuery, usbEventsQuery, usbPromptsQuery } from '../queries.ts';

/**
 * Asks again at once when something happens: a question that waits half a minute for its answer can't wait for the next poll. What is
 * shown still comes from the answers, so a stream that breaks only costs time.
 */
export function useUsbNews(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const again = (...asked: readonly { readonly queryKey: readonly unknown[] }[]) => {
      for (const { queryKey } of asked) void queries.invalidateQueries({ queryKey }); // a failure is the query's own
    };
    return listenToUsb(new EventSource('/usb/events'), {
      device: () => again(usbDevicesQuery, usbEventsQuery, usbBorrowableQuery({ kind: 'loopback' })),
      prompt: () => again(usbPromptsQuery),
      promptClosed: () => again(usbPromptsQuery),
      sharing: () => again(hostQuery, usbDevicesQuery, usbBorrowableQuery({ kind: 'loopback' })),
    });
  }, [queries]);
}
