import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/compile.ts'],
    // A real anvil is behind many tests, so they are slower than unit tests.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more workers than that only fight for them.
    maxWorkers: 2,
    minWorkers: 1,
  },
})
