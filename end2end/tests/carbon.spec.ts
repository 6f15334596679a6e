import { expect, open, test } from './page'

for (const period of ['today', 'week', 'month'] as const) {
  test(`grid plus diesel less offset is net as it is written, ${period}`, async ({ page }) => {
    await open(page, `/carbon?period=${period}`)
    const terms = await page.locator('.term-value').allInnerTexts()
    const [grid, diesel, offset, net] = terms.map((text) => Number(text.replace(/[^\d.\u2212]/g, '').replace('\u2212', '-')))
    expect(grid! + diesel! - offset!).toBeCloseTo(net!, 1)
    expect(grid!).toBeGreaterThan(0)
  })
}

test('the factors say where they come from and since when they hold', async ({ page }) => {
  await open(page, '/carbon?period=month')
  const factors = page.getByRole('table').filter({ hasText: 'Source' })
  await expect(factors.getByRole('row').filter({ hasText: 'Grid electricity' }).first()).toContainText('kg/kWh')
  await expect(page.getByText('scope 1 is the diesel burnt here')).toBeVisible()
})
