import { defineConfig } from 'vitest/config';

/** The test run of every package. Tests start real processes, so the limits are generous: no test measures time. */
export function unit() {
  return defineConfig({
    test: {
      include: ['test/**/*.test.ts'],
      testTimeout: 300_000,
      hookTimeout: 300_000,
      restoreMocks: true,
      unstubEnvs: true,
    },
  });
}
