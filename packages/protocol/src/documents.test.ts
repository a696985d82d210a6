import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);

/** The pages for people who work on Usher: at the root, under docs, and the packages' own. */
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(new URL('docs/', ROOT), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(new URL('packages/', ROOT)).map((name) => `packages/${name}/README.md`),
  'packages/protocol/vectors/README.md',
].filter((path) => existsSync(new URL(path, ROOT)));

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** The anchors of a page, as renderers make them from headings. */
function anchors(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('links to what exists', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map((match) => match[1] ?? '');
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = new URL(path === '' ? new URL(page, ROOT) : path, new URL(page, ROOT));
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchors(target.pathname.slice(ROOT.pathname.length)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names files that exist', () => {
    const paths = [...text.matchAll(/`((?:packages|docs|scripts|tests|bench)\/[\w./-]*\w)`/g)].map((match) => match[1] ?? '');
    // Builds aren't part of a checkout.
    expect(paths.filter((path) => !/\/dist(\/|$)/.test(path) && !existsSync(new URL(path, ROOT)))).toEqual([]);
  });
});
