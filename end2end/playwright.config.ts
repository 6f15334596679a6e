import { defineConfig } from '@playwright/test'
import { demo } from './browser'

// What only looks at pages is looked at two at a time. Everything else changes what the others see, or is
// timed, and comes after it.
const LOOKS = /(accessibility|frame|hostile)\.spec\.ts/

export default defineConfig({
  ...demo,
  workers: 2,
  projects: [
    { name: 'looks', testMatch: LOOKS },
    { name: 'deeds', testIgnore: LOOKS, workers: 1 },
  ],
  testDir: 'tests',
  outputDir: 'test-results',
  retries: 1,
  reporter: 'list',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: { ...demo.use, trace: 'retain-on-failure' },
})
