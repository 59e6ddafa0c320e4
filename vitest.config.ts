import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Most tests wait for processes, players and clocks: more of them at a time than there are cores.
    maxWorkers: 4,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{shared,appliance,control-plane,provisioning,nginx,bench,tests/runner,tests/conformance,tests/failover}/**/*.test.ts',
          ],
          globalSetup: ['tests/setup/start-test-database.ts'],
          // Real encoders share the machine with whatever else runs: limits are generous, and what fails must fail twice. What
          // passed only then is told at the end of npm test.
          retry: 1,
          testTimeout: 15_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/system/**/*.test.ts'],
          // One fleet at a time: every file starts its own on the promised ports.
          fileParallelism: false,
          retry: 1,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'deep',
          include: ['tests/deep/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
