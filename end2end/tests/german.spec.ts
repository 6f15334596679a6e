import { expect, neighbourhood, rows, test } from './page'

test.use({ locale: 'de-DE' })

test('a refusal is said in German, in the page and when it is chosen there', async ({ page }) => {
  const said = page.getByRole('main')
  await page.goto('/losses?period=custom&from=1926-01-01&to=2026-01-01')
  await expect(said).toContainText('höchstens zehn Jahre')
  await page.goto('/losses')
  await expect(page.locator('.live-words')).toHaveText(/^Live/)
  const period = page.getByRole('navigation', { name: 'Zeitraum' })
  await period.locator('summary').click()
  await period.locator('input[name=from]').fill('2026-03-02')
  await period.locator('input[name=to]').fill('2026-03-01')
  await period.locator('input[name=to]').press('Enter')
  await expect(said).toContainText('Vertauschen Sie die beiden Tage')
})

test('numbers are read and shown again as German writes them', async ({ page, request }) => {
  const site = '/api/sites/default'
  const capacity = async () => ((await (await request.get(site)).json()) as { data: { gridCapacityKw: number | null } }).data.gridCapacityKw
  const before = await capacity()
  await page.goto('/settings/site')
  await expect(page.locator('.live-words')).toHaveText(/^Live/)
  const field = page.locator('input[name=gridCapacityKw]')
  await field.fill('1.250,5')
  await field.press('Enter')
  await expect.poll(capacity).toBe(1250.5)
  await page.reload()
  await expect(field).toHaveValue('1250,5')
  await expect(page.locator('.live-words')).toHaveText(/^Live/)
  await field.fill('zwölf')
  await field.press('Enter')
  await expect(page.getByText('ist keine Zahl')).toBeVisible()
  expect(await capacity()).toBe(1250.5)
  expect((await request.patch(site, { data: { gridCapacityKw: before } })).ok()).toBe(true)
})

test('the tree says in German why a meter is not read, when the page opens and later', async ({ page, request }) => {
  const added = { meterNumber: 'STUMM-1', meterName: 'Stummer Zähler', meterType: 'Machine' }
  expect((await request.post('/api/Energy/meters', { data: added })).ok()).toBe(true)
  try {
    const row = rows(page).filter({ hasText: added.meterName })
    await page.goto('/meters?q=STUMM-1')
    await expect(row).toContainText('noch nie gelesen')
    await expect(page.locator('.live-words')).toHaveText(/^Live/)
    const reading = { activePowerKw: 5, timestamp: new Date(Date.now() - 3_600_000) }
    const stored = await request.post(`/api/Energy/meters/${added.meterNumber}/readings`, { data: reading })
    expect(stored.ok()).toBe(true)
    await expect(row).toContainText('keine neue Ablesung')
  } finally {
    await request.delete(`/api/Energy/meters/${added.meterNumber}`)
  }
})

test('a bill names its lines in German', async ({ page, request }) => {
  test.setTimeout(320_000)
  await neighbourhood(request)
  await page.goto('/bills')
  await page.locator('.bill-list tbody').getByRole('link', { name: /^HH-/ }).first().click()
  await expect(page.locator('.bill-line-name').first()).toContainText('Verbrauch')
  await expect(page.getByText('Consumption')).toHaveCount(0)
})
