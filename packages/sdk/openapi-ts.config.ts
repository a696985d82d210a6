import { defineConfig } from '@hey-api/openapi-ts';

/** The API client, generated from the document that the host's routes write. Run from the root of the repository. */
export default defineConfig({
  input: './docs/openapi.json',
  output: {
    path: 'packages/sdk/src/api/generated',
    module: { extension: '.ts' },
    // The generator's runtime doesn't compile under exactOptionalPropertyTypes; what it exports is typed all the same.
    header: ['// @ts-nocheck', '// Generated from docs/openapi.json; do not edit.'],
  },
  plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
});
