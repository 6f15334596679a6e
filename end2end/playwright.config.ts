import { mkdirSync, realpathSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { defineConfig, devices } from '@playwright/test'

// Each run has the finished program to itself: a free port and an empty data folder. The workers
// read this file again, so both are settled once and handed on in the environment.
const program = resolve(process.env.WATTLENS_PROGRAM ?? '../target/release/wattlens')
const data = resolve(process.env.WATTLENS_TEST_DATA ?? '../target/end2end')
process.env.WATTLENS_TEST_PORT ??= await prepare()
// A developer's own database is none of the program's here.
delete process.env.DATABASE_URL
const baseURL = `http://127.0.0.1:${process.env.WATTLENS_TEST_PORT}`

async function prepare(): Promise<string> {
  // Where the data folder is closed to Postgres' user, its cluster lives elsewhere, behind a link.
  for (const folder of [`${data}/postgres`, data]) {
    try {
      rmSync(realpathSync(folder), { recursive: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  mkdirSync(data, { recursive: true })
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return String(port)
}

// Chromium has no sandbox of its own where it is root.
const asRoot = process.getuid?.() === 0
const quiet = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  workers: 1,
  retries: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    ...devices['Desktop Chrome'],
    baseURL,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: asRoot ? ['--no-sandbox', ...quiet] : quiet,
    },
  },
  webServer: {
    command: `exec "${program}" serve --demo --listen 127.0.0.1:${process.env.WATTLENS_TEST_PORT} --data-dir "${data}"`,
    url: `${baseURL}/readyz`,
    reuseExistingServer: false,
    timeout: 120_000,
    stdout: 'ignore',
    stderr: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
  },
})
