import type { Readable, Writable } from 'node:stream';
import { CodedError, MAX_PAYLOAD, OPERATOR } from '@usher/protocol';
import { AbuseMeter, type ClaimTable, type Clock, type UsbAuditEntry, type UsbBackend, UsbProvider } from '@usher/usb';
import { accessOf } from '../access.ts';
import type { AclStore } from '../acl-store.ts';
import { EnvelopeOutput } from '../envelope-output.ts';
import { readEnvelopes } from '../host-stream.ts';

/** A header and a full payload (rule U2). */
const FRAME_MAX = 4 + MAX_PAYLOAD;
/** Frames that the viewer hasn't taken yet, 16 MiB at most; the link of a host has the same bound, for the same reason. */
const BACKLOG_MAX = 1024;

export interface StdioParts {
  readonly backend: UsbBackend;
  readonly claims: ClaimTable;
  readonly store: AclStore;
  readonly clock: Clock;
  readonly audit: (entry: UsbAuditEntry) => void;
}

/**
 * Serves the one viewer at the other end of two byte streams: `u32 big-endian length ‖ frame`, both ways (design §6). Whoever may start this
 * process with its rules may use it, so the viewer is the operator. Resolves at the end of the input; rejects where what comes can't be
 * read any more, or nobody reads what goes out.
 */
export async function serveStdio(input: Readable, output: Writable, parts: StdioParts): Promise<void> {
  const bytes = new EnvelopeOutput(output);
  let backlog = 0;
  const provider = new UsbProvider({
    viewer: 'stdio',
    backend: parts.backend,
    claims: parts.claims,
    policy: accessOf({ store: parts.store, applicant: { viewer: 'stdio', viewerName: 'stdio', profile: OPERATOR }, audit: parts.audit }),
    abuse: new AbuseMeter(parts.clock),
    audit: parts.audit,
    async send(frame) {
      if (backlog >= BACKLOG_MAX) {
        input.destroy(new CodedError('session.viewer-too-slow', 'the viewer does not read its USB replies'));
        return;
      }
      backlog += 1;
      await bytes.send(frame);
      backlog -= 1;
    },
  });
  parts.store.onChange(() => void parts.claims.revokeDenied());
  try {
    await readEnvelopes(input, FRAME_MAX, (frame) => provider.receive(frame));
  } finally {
    provider.detach();
  }
}
