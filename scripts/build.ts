/** Bundles each program to `packages/NAME/dist/main.js` and the pages to `packages/web/dist`. */
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { build as buildPages } from 'vite';

/** Programs, and the packages that stay outside their bundle: native code, or code that loads its own files at run time. */
const PROGRAMS = [
  { name: 'broker', external: [] },
  { name: 'host', external: ['node-datachannel', '@node-rs/argon2'] },
  { name: 'worker', external: ['koffi', 'x11'] },
  { name: 'usb-agent', external: ['usb'] },
  { name: 'cli', external: ['node-datachannel'] },
] as const;

/** Bundled CommonJS packages call `require` for Node's own modules; an ES module has none unless it is made. */
const REQUIRE = "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const [only] = process.argv.slice(2);
await Promise.all(
  PROGRAMS.filter((program) => only === undefined || program.name === only).map(async ({ name, external }) => {
    await rm(`packages/${name}/dist`, { recursive: true, force: true });
    await build({
      entryPoints: [`packages/${name}/src/main.ts`],
      outfile: `packages/${name}/dist/main.js`,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20.20',
      conditions: ['@usher/source'],
      external: [...external],
      banner: { js: REQUIRE },
      // Less source to keep: 20 MB of the host's idle memory. Names stay, for stack traces. What runs as root stays readable.
      minifyWhitespace: name !== 'broker',
      minifySyntax: name !== 'broker',
      sourcemap: 'linked',
      logLevel: 'warning',
    });
  }),
);
if (only === undefined || only === 'web') await buildPages({ root: 'packages/web', logLevel: 'warn' });
