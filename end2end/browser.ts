import { devices, type PlaywrightTestConfig } from '@playwright/test'
import { data, emptyFolder, founded, freePort, program } from './peers/program'

// Each run has the finished program to itself: a free port, and a data folder that is empty or in which the demo
// was founded by a test and nobody has changed anything. The workers read this file again, so both are settled once
// and handed on in the environment.
if (process.env.WATTLENS_TEST_PORT === undefined) {
  process.env.WATTLENS_TEST_DEMO = founded() ?? data
  if (process.env.WATTLENS_TEST_DEMO === data) emptyFolder(data)
  process.env.WATTLENS_TEST_PORT = String(await freePort())
}
// A developer's own database is none of the program's here.
delete process.env.DATABASE_URL
const baseURL = `http://127.0.0.1:${process.env.WATTLENS_TEST_PORT}`

// Chromium has no sandbox of its own where it is root.
const asRoot = process.getuid?.() === 0
const quiet = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']

/** The demo plant in the finished program, and the browser that looks at it. */
export const demo: PlaywrightTestConfig = {
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  use: {
    ...devices['Desktop Chrome'],
    baseURL,
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: asRoot ? ['--no-sandbox', ...quiet] : quiet,
    },
  },
  webServer: {
    command: `exec "${program}" serve --demo --listen 127.0.0.1:${process.env.WATTLENS_TEST_PORT} --data-dir "${process.env.WATTLENS_TEST_DEMO}"`,
    url: `${baseURL}/readyz`,
    reuseExistingServer: false,
    timeout: 120_000,
    stdout: 'ignore',
    stderr: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
  },
}
