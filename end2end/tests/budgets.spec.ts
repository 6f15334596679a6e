import { get } from 'node:http'
import { once } from 'node:events'
import type { Response } from '@playwright/test'
import { expect, open, test } from './page'

const MAIN = ['/', '/meters', '/losses', '/carbon', '/alarms', '/devices', '/sites']
/** Requests that are timed, after those that warm it up. */
const TIMED = 40
const WARM = 5
/** Milliseconds: five times the aim, for a machine that does something else as well. */
const FIRST_BYTE = 150

/** Bytes as sent: scripts and modules of a first page, and one that is loaded later. */
const FIRST_PAGE = 306_000
const CHUNK = 80_000

/** Milliseconds until the first byte of an answer. */
async function firstByte(url: string): Promise<number> {
  const began = performance.now()
  const request = get(url)
  const [response] = await once(request, 'response')
  const took = performance.now() - began
  expect(response.statusCode).toBe(200)
  response.resume()
  await once(response, 'end')
  return took
}

for (const path of MAIN) {
  test(`${path} begins to answer at once`, async ({ baseURL }) => {
    const times: number[] = []
    for (let i = 0; i < WARM + TIMED; i += 1) times.push(await firstByte(`${baseURL}${path}`))
    const timed = times.slice(WARM).sort((one, other) => one - other)
    const p95 = timed[Math.ceil(TIMED * 0.95) - 1]
    console.log(`${path}: first byte p50 ${timed[TIMED / 2].toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`)
    expect(p95).toBeLessThanOrEqual(FIRST_BYTE)
  })
}

test('what the browser loads keeps to the budget', async ({ page }) => {
  const loaded = new Map<string, Promise<number>>()
  const size = async (response: Response) => (await response.request().sizes()).responseBodySize
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (/^\/pkg\/.*\.(js|wasm)$/.test(pathname)) loaded.set(pathname, size(response))
  })
  await open(page, '/')
  await page.waitForLoadState('load')
  const first = await Promise.all(loaded.values())
  expect(first.length).toBeGreaterThan(1)
  const sum = first.reduce((all, bytes) => all + bytes, 0)
  console.log(`the first page: ${sum} bytes of scripts and modules in ${first.length} files`)
  expect(sum).toBeLessThanOrEqual(FIRST_PAGE)

  for (const place of ['Meters', 'Losses', 'Grid']) {
    const before = new Set(loaded.keys())
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place }).click()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    for (const [name, bytes] of loaded) {
      if (!before.has(name) && name.endsWith('.wasm')) expect(await bytes, name).toBeLessThanOrEqual(CHUNK)
    }
  }
})
