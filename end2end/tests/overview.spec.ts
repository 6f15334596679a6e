import { expect, open, test } from './page'

test('a value changes without a reload', async ({ page }) => {
  await open(page, '/')
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  const figures = page.locator('.gauges, .balance, .hotspots')
  const read = async () => (await figures.allInnerTexts()).join()
  const before = await read()
  // The balance moves on by five seconds at a time, once all of its meters have been read again,
  // which takes up to five more; a figure may then round to what it was.
  await expect.poll(read, { timeout: 20_000 }).not.toBe(before)
  expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
})

test('the state stands in words, with five gauges and the balance', async ({ page }) => {
  await open(page, '/')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/kW|No balance/)
  const gauges = page.getByRole('region', { name: 'Today' }).getByRole('listitem')
  await expect(gauges).toHaveCount(5)
  await expect(page.getByRole('heading', { name: 'In = out' })).toBeVisible()
  await expect(page.getByRole('img', { name: /^Site input today/ })).toBeVisible()
})

test('hotspots name nodes and lead to them', async ({ page }) => {
  await open(page, '/')
  const table = page.getByRole('table').filter({ hasText: 'All nodes' })
  const first = table.locator('tbody').getByRole('link').first()
  const name = await first.innerText()
  await first.click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await expect(page).toHaveTitle(`${name} · Wattlens`)
  await page.goBack()
  await expect(table).toBeVisible()
})

test('the overview is useful before any script runs', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/kW|No balance/)
  await expect(page.getByRole('row').filter({ hasText: 'All nodes' })).toBeVisible()
  await context.close()
})

test('a hidden page lets its stream go and a visible one takes it up', async ({ page }) => {
  const show = (state: 'hidden' | 'visible') =>
    page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    }, state)
  await open(page, '/')
  const closed = page.waitForEvent('requestfailed', (request) => request.url().includes('/api/live'))
  await show('hidden')
  await closed
  const opened = page.waitForRequest((request) => request.url().includes('/api/live'))
  await show('visible')
  await opened
})
