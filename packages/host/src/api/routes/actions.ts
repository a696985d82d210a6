import { z } from 'zod';
import { runActions } from '../actions/run-actions.ts';
import { USB_ACTIONS, type UsbActionContext } from '../actions/usb-actions.ts';
import type { LocalSockets } from '../local-socket.ts';
import type { Api } from '../parts.ts';
import type { UsbDesk } from '../usb/usb-desk.ts';

const access = 'bearer';
/** Callers over HTTPS name no files of this machine; where theirs would begin plays no part. */
const NOWHERE = '/';
/** Numbers in an action file nest no deeper than the file's own lists. */
const given = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]);
const step = z.union([z.tuple([z.string()]), z.tuple([z.string(), given])]);
const actionFile = z
  .union([z.array(step), z.object({ auto_control: z.array(step) })])
  .meta({ id: 'ActionFile', description: "AutoControl's action file: `[[name, {parameters}], …]`, bare or under `auto_control`" });
const directory = z.object({
  directory: z.string().regex(/^\//).max(4096).optional().meta({ description: 'Where relative paths begin; only over the local socket' }),
});
const actionRun = z
  .object({
    ok: z.boolean().meta({ description: 'Every action did what it should' }),
    results: z.array(
      z.object({
        action: z.string(),
        ok: z.boolean(),
        result: z.unknown().optional(),
        error: z.object({ code: z.string(), message: z.string(), retrySeconds: z.number().optional() }).optional(),
      }),
    ),
    record: z.record(z.string(), z.unknown()).meta({ description: "AutoControl's own form: `execute: [action]` → result, or why not" }),
  })
  .meta({ id: 'ActionRun' });

/** The twins of the actions (U5.2), and the run of an action file (U5.3). */
export function registerActionRoutes(api: Api, desk: UsbDesk, local: LocalSockets): void {
  const context = (from: string): UsbActionContext => ({ ...desk, directory: from });

  for (const action of USB_ACTIONS) {
    const { route, summary, input, output } = action;
    if (route === undefined) continue;
    const { method, url, operationId } = route;
    api.route({
      method,
      url,
      config: { access },
      schema: { operationId, summary, tags: ['usb'], ...(method === 'POST' ? { body: input } : {}), response: { 200: output } },
      handler: (request) => action.perform(context(NOWHERE), method === 'POST' ? request.body : {}),
    });
  }

  api.post(
    '/api/v1/actions/run',
    {
      config: { access },
      schema: {
        operationId: 'runActions',
        summary: 'Do what an action file says',
        description: 'Actions that name a file of the host are done only for callers of the local socket.',
        tags: ['actions'],
        querystring: directory,
        body: actionFile,
        response: { 200: actionRun },
      },
    },
    async (request) => {
      const isHere = local.has(request.raw.socket);
      const from = isHere ? (request.query.directory ?? NOWHERE) : NOWHERE;
      const { results, ...run } = await runActions(USB_ACTIONS, request.body, context(from), isHere ? 'here' : 'anywhere');
      return { ...run, results: [...results] };
    },
  );
}
