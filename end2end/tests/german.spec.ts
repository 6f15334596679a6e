import { expect, ownTest as test, rows } from './page'

test.use({ locale: 'de-DE' })

const isLive = /^Live/

test('German is written and read: numbers, and why a meter is not read, as it comes over the stream', async ({ page, request }) => {
  await test.step('a number with German marks', async () => {
    const answer = async () => (await (await request.get('/api/sites/default')).json()) as { data: { gridCapacityKw: number | null } }
    const capacity = async () => (await answer()).data.gridCapacityKw
    await page.goto('/settings/site')
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
    expect((await request.post('/api/Energy/meters', { data: meter })).ok()).toBe(true)
    const row = rows(page).filter({ hasText: meter.meterName })
    await page.goto('/meters?q=STUMM-1')
    await expect(row).toContainText('noch nie gelesen')
    await expect(page.locator('.live-words')).toHaveText(isLive)
    const reading = { activePowerKw: 5, timestamp: new Date(Date.now() - 3_600_000) }
    const stored = await request.post(`/api/Energy/meters/${meter.meterNumber}/readings`, { data: reading })
    expect(stored.ok()).toBe(true)
    await expect(row).toContainText('keine neue Ablesung')
  })
})
