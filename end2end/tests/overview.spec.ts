import { expect, fitsItsWidth, neighbourhood, open, test } from './page'

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

test.describe('1440 by 900', () => {
  test.use({ viewport: { width: 1440, height: 900 } })

  test('the plant fits one screen', async ({ page }) => {
    await open(page, '/')
    await expect(page.getByRole('img', { name: /^Site input today/ })).toBeVisible()
    const { content, window } = await page.evaluate(() => ({
      content: document.documentElement.scrollHeight,
      window: document.documentElement.clientHeight,
    }))
    expect(content).toBeLessThanOrEqual(window)
    await fitsItsWidth(page)
  })
})

test('each gauge says what its marks mean, or that there is no normal range', async ({ page }) => {
  await open(page, '/')
  const today = page.getByRole('region', { name: 'Today' })
  await expect(today).toContainText(/normal (on a|at this hour)|No normal range yet/)
  await expect(today).toContainText(/Tick: yesterday at \d\d:\d\d/)
})

test('what goes in is what comes out, on a site whose loads return energy too', async ({ page, request }) => {
  await neighbourhood(request)
  await open(page, '/?site=world')
  const balance = page.locator('.balance')
  const sums = async () => {
    const bars = await balance.locator('.bar').all()
    const parts = await Promise.all(bars.map((bar) => bar.locator('title').allTextContents()))
    const kw = (label: string) => Number(/([\d,]+\.\d)$/.exec(label)?.[1]?.replaceAll(',', '') ?? 'NaN')
    const ends = (await balance.locator('.balance-side span').allTextContents()).map(
      (text) => Number(text.replace(' kW', '').replaceAll(',', '')),
    )
    return { parts: parts.map((labels) => labels.reduce((sum, label) => sum + kw(label), 0)), ends }
  }
  // Each figure is rounded to a tenth.
  await expect(async () => {
    const { parts, ends } = await sums()
    expect(Math.abs((parts[0] ?? NaN) - (ends[0] ?? NaN))).toBeLessThan(2)
  }).toPass({ timeout: 20_000 })
  const solar = page.getByRole('region', { name: 'Today' }).getByRole('listitem').filter({ hasText: 'Solar share' })
  await expect(solar).toContainText('not metered')
})

test('an alarm is acknowledged from the overview', async ({ page, request }) => {
  await open(page, '/')
  const href = await page.locator('.hotspots').getByRole('link', { name: 'Main Grid' }).getAttribute('href')
  const rule = { kind: 'threshold', channel: 'ActivePower', meterId: Number(href?.split('/').at(-1)), raise: 25, clear: 10 }
  const added = await request.post('/api/alarm-rules', { data: { ...rule, delaySeconds: 0, severity: 'critical' } })
  expect(added.ok()).toBe(true)
  const { data } = (await added.json()) as { data: { id: number } }
  try {
    const alarms = page.getByRole('region', { name: 'Alarms' })
    const line = alarms.getByRole('listitem').filter({ hasText: 'Main Grid' })
    await expect(line).toBeVisible({ timeout: 40_000 })
    await line.getByRole('button', { name: /^Acknowledge/ }).click()
    await expect(line).toContainText('known to')
    await expect(alarms).toContainText(/\d+ active/)
  } finally {
    await request.delete(`/api/alarm-rules/${data.id}`)
  }
})
