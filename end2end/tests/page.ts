import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type APIRequestContext, type Page } from '@playwright/test'

/** Each test fails on what the browser complains about while it runs. */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error)))
      await use(complaints)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** Opens a page and waits until it is live: rendered, taken over by WASM, following the stream. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await live(page)
}

export async function live(page: Page): Promise<void> {
  await expect(page.locator('.live-words')).toHaveText(/^(Live, |Simulated clock|Paused)/)
}

/** The rows of the tree. */
export function rows(page: Page) {
  return page.getByRole('treegrid').locator('tbody').getByRole('row')
}

/** Faults that a screen reader or the keyboard would meet; those against some guidelines where named. */
export async function accessibility(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}

export async function fitsItsWidth(page: Page): Promise<void> {
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }))
  expect(content).toBeLessThanOrEqual(window)
}

/** Waits until the neighbourhood of the demo has its past: two months, billed. */
export async function neighbourhood(request: APIRequestContext): Promise<void> {
  const bills = async () => {
    const response = await request.get('/api/bills?site=world')
    return response.ok() ? ((await response.json()) as { data: unknown[] }).data.length : 0
  }
  await expect.poll(bills, { timeout: 300_000, intervals: [1_000] }).toBeGreaterThan(100)
}
