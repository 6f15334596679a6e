import { defineConfig } from '@playwright/test'
import { demo } from './browser'

// Pictures of every page, for whoever changes one; and those in the documentation.
export default defineConfig({
  ...demo,
  testDir: 'screenshots',
  testMatch: '*.shots.ts',
  outputDir: 'test-results',
  globalTeardown: './screenshots/sheet.ts',
  retries: 0,
  reporter: 'list',
  timeout: 180_000,
  expect: { timeout: 10_000 },
})
