import { expect, rows, test } from './page'

test.use({ locale: 'de-DE' })

const isLive = /^Live/

test('German is written and read: a refusal, a report, numbers, and why a meter is not read', async ({ page, request, own }) => {
  await test.step('a period that ends before it begins', async () => {
    await page.goto('/losses')
    await expect(page.locator('.live-words')).toHaveText(isLive)
    const period = page.getByRole('navigation', { name: 'Zeitraum' })
    await period.locator('summary').click()
    await period.locator('input[name=from]').fill('2026-03-02')
    await period.locator('input[name=to]').fill('2026-03-01')
    await period.locator('input[name=to]').press('Enter')
    await expect(page.getByRole('main')).toContainText('Vertauschen Sie die beiden Tage')
  })
  await test.step('the report of a month', async () => {
    await page.goto('/reports')
    await page.locator('.report-months tbody a').first().click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Energie- und Verlustbericht')
    await expect(page.locator('.report-summary')).toContainText(/\d,\d kWh/)
  })
  // What follows changes the site.
  await test.step('a number with German marks', async () => {
    const answer = async () => (await (await request.get(`${own.url}/api/sites/default`)).json()) as { data: { gridCapacityKw: number | null } }
    const capacity = async () => (await answer()).data.gridCapacityKw
    await page.goto(`${own.url}/settings/site`)
    await expect(page.locator('.live-words')).toHaveText(isLive)
    const field = page.locator('input[name=gridCapacityKw]')
    await field.fill('1.250,5')
    await field.press('Enter')
    await expect.poll(capacity).toBe(1250.5)
    await page.reload()
    await expect(field).toHaveValue('1250,5')
    await expect(page.locator('.live-words')).toHaveText(isLive)
    await field.fill('zwölf')
    await field.press('Enter')
    await expect(page.getByText('ist keine Zahl')).toBeVisible()
    expect(await capacity()).toBe(1250.5)
  })
  await test.step('why a meter is not read, when the page opens and later', async () => {
    const meter = { meterNumber: 'STUMM-1', meterName: 'Stummer Zähler', meterType: 'Machine' }
    expect((await request.post(`${own.url}/api/Energy/meters`, { data: meter })).ok()).toBe(true)
    const row = rows(page).filter({ hasText: meter.meterName })
    await page.goto(`${own.url}/meters?q=STUMM-1`)
    await expect(row).toContainText('noch nie gelesen')
    await expect(page.locator('.live-words')).toHaveText(isLive)
    const reading = { activePowerKw: 5, timestamp: new Date(Date.now() - 3_600_000) }
    const stored = await request.post(`${own.url}/api/Energy/meters/${meter.meterNumber}/readings`, { data: reading })
    expect(stored.ok()).toBe(true)
    await expect(row).toContainText('keine neue Ablesung')
  })
})
