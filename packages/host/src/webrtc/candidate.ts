import { isIP } from 'node:net';

/** Candidate kinds of RFC 8839 §5.1. */
const KINDS = ['host', 'srflx', 'prflx', 'relay'];

/**
 * Reads a viewer's ICE candidate (RFC 8839 §5.1) and writes it anew, so that only well-formed text reaches native code:
 * `candidate:foundation 1 UDP priority address port typ kind`.
 *
 * Undefined for what the host has no use for: other components and transports, the empty end-of-candidates line, and host names. Browsers
 * hide their addresses behind mDNS names; the host doesn't look them up, because the viewer reaches the host's own candidates anyway
 * (facts: media §1.5) and no stranger should make the host ask a name server.
 */
export function readCandidate(text: string): string | undefined {
  const fields = /^(?:a=)?candidate:([A-Za-z0-9+/]{1,32}) 1 udp (\d{1,10}) ([0-9A-Fa-f.:]{2,45}) (\d{1,5}) typ (\w+)(?: |$)/i.exec(text);
  const [, foundation, priority, address = '', port, kind = ''] = fields ?? [];
  if (isIP(address) === 0 || !KINDS.includes(kind)) return undefined;
  if (Number(priority) > 0xffff_ffff || Number(port) < 1 || Number(port) > 0xffff) return undefined;
  return `candidate:${foundation} 1 UDP ${Number(priority)} ${address} ${Number(port)} typ ${kind}`;
}
