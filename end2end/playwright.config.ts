import { defineConfig } from '@playwright/test'
import { demo } from './browser'

export default defineConfig({
  ...demo,
  testDir: 'tests',
  outputDir: 'test-results',
  retries: 1,
  reporter: 'list',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: { ...demo.use, trace: 'retain-on-failure' },
})
