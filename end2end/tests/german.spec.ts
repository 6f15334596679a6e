import { expect, test } from './page'

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
