import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  base: '/',
  plugins: [react()],
  // Workspace packages are read as source: see the `exports` of their package.json.
  resolve: { conditions: ['@usher/source', ...defaultClientConditions] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The first releases that know light-dark(), <dialog> and requestVideoFrameCallback.
    target: ['chrome123', 'firefox132', 'safari17.5'],
    // The pages' Content-Security-Policy allows no data: addresses.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { viewer: `${import.meta.dirname}/index.html`, console: `${import.meta.dirname}/console.html` },
      output: { chunkFileNames: 'assets/shared-[hash].js' },
      // Our own packages do nothing by being imported, so the console needn't carry the viewer's cryptography.
      treeshake: { moduleSideEffects: [{ test: /\/packages\/(sdk|protocol|domain|usb)\/src\//, sideEffects: false }] },
    },
  },
});
