import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Api } from './parts.ts';
import { problem } from './schema.ts';

const OPERATOR = [{ bearer: [] }, { console: [] }];

/** Requirement P11.1. */
const PROFILES =
  "Whose desktop a device comes to. Profiles exist only for viewers that speak Usher's own protocol. GameStream and Moonlight clients can't " +
  "say a profile, and Usher has no endpoint for them; were one added, it would reach the operator's profile alone, with an audit entry for " +
  'each connection.';

/**
 * Describes the routes that are registered after it. What holds for all of them is said once here: how a caller proves to be the
 * operator (from the route's own `access`), and what an error looks like.
 */
export async function registerOpenApi(api: Api, version: string): Promise<void> {
  api.addHook('onRoute', (route) => {
    const { schema, config } = route;
    if (schema === undefined || schema.hide === true) return;
    const { response, ...described } = schema;
    route.schema = {
      ...described,
      ...(config?.access === 'public' ? { security: [] } : {}),
      ...(config?.access === 'device' ? { security: [{ device: [] }, ...OPERATOR] } : {}),
      response: {
        ...(typeof response === 'object' ? response : {}),
        default: { description: 'Refused or failed', content: { 'application/problem+json': { schema: problem } } },
      },
    };
  });

  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Usher',
        version,
        description: 'The management API of an Usher host. Errors are problem+json; docs/errors.md has the codes.',
      },
      tags: [{ name: 'profiles', description: PROFILES }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'The line in the file `token` of the state directory' },
          device: { type: 'http', scheme: 'bearer', description: 'A token of /api/v1/auth/device/token' },
          console: { type: 'apiKey', in: 'cookie', name: 'usher_console' },
        },
      },
      security: OPERATOR,
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  });

  api.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, () => api.swagger());
}

type Described = ReturnType<SwaggerTransformObject>;

/** The generator describes every schema twice, as it is sent and as it is answered; this keeps what a route refers to. */
function withoutUnused(document: Described): Described {
  if (!('components' in document)) return document;
  const { components, ...rest } = document;
  const schemas: Record<string, unknown> = components.schemas ?? {};
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(schemas[name]);
    }
  };
  visit(rest);
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
  return document;
}
