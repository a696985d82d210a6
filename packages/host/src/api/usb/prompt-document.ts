import type { Profiles } from '../../profile-services.ts';
import type { OpenPrompt } from '../../services.ts';
import { profileName } from './statistics.ts';

/** A question as the API tells it. */
export function promptDocument({ id, prompt, sinceUnix, expiresUnix }: OpenPrompt, profiles: Pick<Profiles, 'get'>) {
  const { device, risks, rule, viewer, viewerName, profile } = prompt;
  return {
    id,
    vendor_id: device.vendorId,
    product_id: device.productId,
    serial: device.serial ?? null,
    manufacturer: device.manufacturer ?? null,
    product: device.product ?? null,
    bus_location: device.busLocation,
    risks: [...risks],
    label: rule,
    viewer,
    viewer_name: viewerName,
    profile,
    profile_name: profileName(profiles, profile),
    since_unix: sinceUnix,
    expires_unix: expiresUnix,
  };
}
