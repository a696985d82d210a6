import { defineConfig } from 'vitest/config';

/** Workspace packages are read from their TypeScript source. */
const conditions = ['@usher/source', 'module', 'node', 'development|production'];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };
/** What is waited for comes soon or never: the bound is for a machine that has stalled, or does a dozen other things. */
const expectation = { poll: { timeout: 20_000 } };

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/generated/**', 'packages/web/**'],
      // What decides who may come in has no branch that no test takes (packages/domain/README.md).
      thresholds: { 'packages/domain/src/**': { 100: true } },
    },
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.{ts,tsx}'],
          exclude: ['**/*.process.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: expectation,
        },
      },
      {
        ...shared,
        // Real programs on two cores: one file at a time, and room for a slow machine; every wait inside has its own bound.
        test: {
          name: 'process',
          include: ['packages/*/src/**/*.process.test.ts', 'tests/process/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: expectation,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: expectation,
        },
      },
      {
        ...shared,
        // Machines of their own, by `npm run lab` (see tests/lab/README.md): the first start may have to build one.
        test: {
          name: 'lab',
          include: ['tests/lab/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 600_000,
          expect: expectation,
        },
      },
    ],
  },
});
