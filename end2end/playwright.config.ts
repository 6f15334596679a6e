import { defineConfig } from '@playwright/test'
import { demo } from './browser'

const APART = /\/(first-run|german|groups|new-devices|people|protocols|settings|tower|world-month)\.spec\.ts/

export default defineConfig({
  ...demo,
  // The tests of a file come one after the other. What changes more than is its own works on an installation of
  // its worker's own (`ownTest`).
  workers: 3,
  // Tests without the demo come first, while the demo computes its past; of each kind the files come by name. The
  // longest, `accessibility`, has the first, so that no worker is left with it at the end.
  projects: [
    { name: 'apart', testMatch: APART },
    { name: 'demo', testIgnore: APART },
  ],
  testDir: 'tests',
  outputDir: 'test-results',
  snapshotPathTemplate: '{testDir}/pictures/{arg}{ext}',
  retries: 1,
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [['list'], ['json']] : 'list',
  timeout: 120_000,
  expect: { timeout: 10_000 },
  // Traces of all tests take more than a minute on two cores.
  use: { ...demo.use, trace: 'on-first-retry' },
})
