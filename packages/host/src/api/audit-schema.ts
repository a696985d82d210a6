import { z } from 'zod';

/** The API's data about the audit log (requirement A1). */

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const sequence = z.int().min(0);

const unixSeconds = z.coerce.number().int().min(0);

export const auditQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  before: z.coerce.number().int().min(0).optional().meta({ description: 'The `seq` that the page before ended with' }),
  event: z
    .string()
    .regex(/^[a-z]+(\.[a-z-]+)?$/)
    .max(64)
    .optional()
    .meta({ description: 'Only this event, or only those of an area: `profile.created`, `profile`' }),
  principal: z
    .string()
    .regex(/^(operator|host|device(:[0-9a-f]{64})?)$/)
    .optional()
    .meta({ description: 'Only what the operator, the host, a device (`device:` and its fingerprint) or any device did' }),
  profile: z
    .string()
    .regex(/^([0-9a-f]{12}|operator)$/)
    .optional()
    .meta({ description: 'Only what concerns this profile' }),
  since: unixSeconds.optional().meta({ description: 'Unix seconds of the oldest entry wanted' }),
  until: unixSeconds.optional().meta({ description: 'Unix seconds of the newest entry wanted' }),
});

export const auditPage = z
  .object({
    entries: z
      .array(
        z
          .object({
            seq: sequence,
            unix: z.int().min(0),
            event: z.string(),
            principal: z.string().meta({ description: '`operator`, `host`, or `device:` and its fingerprint' }),
            profile: z.string().optional(),
            fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
            prev: digest,
            hash: digest,
          })
          .meta({ id: 'AuditEntry' }),
      )
      .meta({ description: 'Newest first' }),
  })
  .meta({ id: 'AuditPage' });

export const auditVerdict = z
  .object({
    ok: z.boolean(),
    entries: z.int().min(0),
    first_seq: sequence.meta({ description: 'The oldest entry that is kept' }),
    faults: z.array(
      z
        .object({
          kind: z.enum(['changed', 'missing', 'misplaced', 'unreadable']),
          seq: sequence,
          file: z.string(),
          line: z.int().min(0),
          message: z.string(),
        })
        .meta({ id: 'AuditFault' }),
    ),
  })
  .meta({ id: 'AuditVerdict' });
