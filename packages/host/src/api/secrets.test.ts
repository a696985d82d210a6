import { describe, expect, it } from 'vitest';
import { openApiText } from '../../testing/openapi-text.ts';

/** Names behind which a secret of a profile could stand. */
const SUSPECT = /pass(code|word|wd)|phc|argon|secret|salt|private/i;

interface Found {
  readonly where: string;
  readonly name: string;
  readonly schema: unknown;
}

/** Every property of every answer, through references, lists, alternatives and records. */
function answeredProperties(document: unknown): readonly Found[] {
  const found: Found[] = [];
  const visited = new Set<unknown>();
  const walk = (node: unknown, where: string): void => {
    if (typeof node !== 'object' || node === null || visited.has(node)) return;
    visited.add(node);
    for (const [key, value] of Object.entries(node)) {
      if (key === '$ref') walk(at(document, String(value).slice(2).split('/')), String(value));
      else if (key === 'properties') {
        for (const [name, schema] of entriesOf(value)) {
          found.push({ where, name, schema });
          walk(schema, `${where}.${name}`);
        }
      } else walk(value, where);
    }
  };
  for (const [path, methods] of entriesOf(at(document, ['paths']))) {
    for (const [method, operation] of entriesOf(methods)) walk(at(operation, ['responses']), `${method} ${path}`);
  }
  return found;
}

function at(node: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => new Map(entriesOf(inner)).get(name), node);
}

function entriesOf(node: unknown): readonly [string, unknown][] {
  return typeof node === 'object' && node !== null ? Object.entries(node) : [];
}

describe('what answers may hold', () => {
  it('P2.4: nothing of a passcode but whether there is one', async () => {
    const properties = answeredProperties(JSON.parse(await openApiText()));
    const suspects = properties.filter(({ name }) => SUSPECT.test(name));
    expect(suspects.map(({ name }) => name).sort()).toEqual(['has_passcode', 'require_passcode_even_when_assigned', 'requires_passcode']);
    for (const { schema } of suspects) expect(schema).toMatchObject({ type: 'boolean' });
  });

  it('P8.1: tokens and PINs stand in the answers that hand them out, and nowhere else', async () => {
    const properties = answeredProperties(JSON.parse(await openApiText()));
    const handed = properties.filter(({ name }) => /token|^pin$|cookie|key/i.test(name)).map(({ where, name }) => `${where} ${name}`);
    expect(handed.sort()).toEqual([
      '#/components/schemas/ArmedPin pin',
      '#/components/schemas/DeviceToken token',
      '#/components/schemas/OsAccount.credential key', // the name under which Windows keeps a secret
    ]);
  });
});
