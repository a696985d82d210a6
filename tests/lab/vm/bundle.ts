import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A program for the guest as one file of JavaScript; packages with native code stay outside and come from the project's node_modules. */
export async function bundle(entry: URL, external: readonly string[] = []): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20.20',
    conditions: ['@usher/source'],
    external: [...external],
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`nothing came of ${entry.pathname}`);
  return file.text;
}
