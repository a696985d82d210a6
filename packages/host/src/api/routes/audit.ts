import { auditPage, auditQuery, auditVerdict } from '../audit-schema.ts';
import type { Api, ApiParts } from '../parts.ts';

const access = 'bearer';
const tags = ['audit'];

/** The chained record of what was decided (requirement A1). */
export function registerAuditRoutes(api: Api, { audit }: ApiParts): void {
  api.get(
    '/api/v1/audit',
    {
      config: { access },
      schema: {
        operationId: 'listAudit',
        summary: 'What was decided, newest first',
        tags,
        querystring: auditQuery,
        response: { 200: auditPage },
      },
    },
    async (request) => {
      const { limit, before, event, principal, profile, since, until } = request.query;
      const entries = await audit.read({
        limit,
        ...(before === undefined ? {} : { before }),
        ...(event === undefined ? {} : { event }),
        ...(principal === undefined ? {} : { principal }),
        ...(profile === undefined ? {} : { profile }),
        ...(since === undefined ? {} : { since }),
        ...(until === undefined ? {} : { until }),
      });
      return {
        entries: entries.map(({ seq, unix, event, principal, profile, fields, prev, hash }) => ({
          ...{ seq, unix, event, principal, prev, hash },
          ...(profile === undefined ? {} : { profile }),
          ...(fields === undefined ? {} : { fields }),
        })),
      };
    },
  );

  api.post(
    '/api/v1/audit/verify',
    {
      config: { access },
      schema: {
        operationId: 'verifyAudit',
        summary: 'Read the whole chain and name what was changed',
        tags,
        response: { 200: auditVerdict },
      },
    },
    async () => {
      const { ok, entries, firstSeq, faults } = await audit.verify();
      return { ok, entries, first_seq: firstSeq, faults: faults.map((fault) => ({ ...fault })) };
    },
  );
}
