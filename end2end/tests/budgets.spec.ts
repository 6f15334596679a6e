import type { Response } from '@playwright/test'
import { expect, open, test } from './page'

/** Bytes as sent: scripts and modules of a first page, and one that is loaded later. */
const FIRST_PAGE = 306_000
const CHUNK = 80_000

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
