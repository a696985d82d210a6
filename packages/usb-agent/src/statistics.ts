import type { Claim } from '@usher/usb';

/** What has gone over one viewer's link. */
export interface LinkStatistics {
  readonly link: number;
  readonly viewer: string;
  readonly viewerName: string;
  readonly profile: string;
  /** Bytes of frames. */
  readonly fromViewer: number;
  readonly toViewer: number;
  /** Frames that the host hasn't taken yet. */
  readonly waiting: number;
}

export function linkDocument({ link, viewer, viewerName, profile, fromViewer, toViewer, waiting }: LinkStatistics) {
  return {
    ...{ link, viewer, viewer_name: viewerName, profile },
    ...{ bytes_from_viewer: fromViewer, bytes_to_viewer: toViewer, waiting_frames: waiting },
  };
}

export function claimDocument(claim: Claim) {
  const { vendorId, productId, serial, product, busLocation } = claim.handle.device;
  const { transfers, bytesIn, bytesOut, errors, inFlight, openMs, protocol } = claim.statistics;
  return {
    ...{ claim: claim.id, viewer: claim.viewer, held: claim.holder !== undefined, protocol },
    ...{ vendor_id: vendorId, product_id: productId, serial: serial ?? null, product: product ?? null, bus_location: busLocation },
    ...{ open_ms: Math.round(openMs), transfers, bytes_in: bytesIn, bytes_out: bytesOut, errors, in_flight: inFlight },
  };
}
