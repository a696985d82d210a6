import type { Api } from './parts.ts';

/** No inline script, nothing from elsewhere, no frame around it. `blob:` and `data:` are for pictures that the page itself draws. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** What the viewer needs; the rest of a browser's powers stays off, so that a hole in a page is worth less. */
const PERMISSIONS_POLICY = [
  ...['fullscreen', 'microphone', 'autoplay', 'clipboard-read', 'clipboard-write', 'gamepad', 'screen-wake-lock'].map(
    (name) => `${name}=(self)`,
  ),
  ...['camera', 'geolocation', 'display-capture', 'payment', 'usb', 'serial', 'hid', 'midi'].map((name) => `${name}=()`),
].join(', ');

/**
 * On every answer, so that no page is forgotten. There is no Strict-Transport-Security: with the self-made certificate browsers ignore
 * it, and with another it would bind every other service of the machine.
 */
export const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'permissions-policy': PERMISSIONS_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

export function registerSecurityHeaders(api: Api): void {
  api.addHook('onRequest', (_request, reply, done) => {
    reply.headers(SECURITY_HEADERS);
    done();
  });
}
