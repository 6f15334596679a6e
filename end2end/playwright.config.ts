import { defineConfig } from '@playwright/test'
import { demo } from './browser'

// How every page looks takes as long to try as all that people do, and changes nothing that those see:
// a worker for each.
const looks = ['accessibility.spec.ts', 'frame.spec.ts']

export default defineConfig({
  ...demo,
  testDir: 'tests',
  outputDir: 'test-results',
  retries: 1,
  reporter: 'list',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: { ...demo.use, trace: 'retain-on-failure' },
  workers: 2,
  projects: [
    { name: 'looks', testMatch: looks, workers: 1 },
    { name: 'plant', testIgnore: looks, workers: 1 },
  ],
})
