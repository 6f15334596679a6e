import { expect, open, test } from './page'

test('the costliest node is found, looked into and explained', async ({ page }) => {
  await open(page, '/losses?period=week')
  const headline = page.getByRole('heading', { level: 1 })
  await expect(headline).toContainText(/Lost .*\skWh this week/)
  const ranking = page.getByRole('table').filter({ hasText: 'Likely cause' })
  const first = ranking.locator('tbody').getByRole('row').first()
  await expect(first).toContainText('loss')
  const second = ranking.locator('tbody').getByRole('row').nth(1)
  const name = await second.getByRole('link').innerText()
  await second.getByRole('link').click()
  await expect(page).toHaveURL(/node=\d+/)
  await expect(page.getByRole('heading', { level: 2, name: new RegExp(`^${name}`) })).toBeVisible()
  await expect(page.locator('.cause-finding')).toBeVisible()
})

test('the waterfall adds up to the loss as shown', async ({ page }) => {
  await open(page, '/losses')
  const waterfall = page.getByRole('table').filter({ hasText: 'In, own meter' })
  const number = (text: string) => Number(text.replace('\u2212', '-').replace(/,/g, ''))
  const cells = await waterfall.locator('tbody td:nth-child(2)').allInnerTexts()
  const loss = await waterfall.locator('tfoot td:nth-child(2)').innerText()
  const sum = cells.map(number).reduce((a, b) => a + b, 0)
  const shown = number(loss.split('±')[0]!.trim())
  // Each term is rounded to a tenth.
  expect(Math.abs(sum - shown)).toBeLessThanOrEqual(0.05 * (cells.length + 1))
})

test('losses are shown by area and as a trend', async ({ page }) => {
  await open(page, '/losses?period=week')
  await page.getByRole('link', { name: 'By area' }).click()
  await expect(page.getByRole('columnheader', { name: 'Area' })).toBeVisible()
  await page.getByRole('link', { name: 'Trend' }).click()
  await expect(page).toHaveURL(/by=trend/)
  await expect(page.getByRole('img', { name: /step by step with its error/ })).toBeVisible()
})

test('what was found in the registers leads to its meter and day', async ({ page }) => {
  await open(page, '/losses?period=month')
  const found = page.locator('.found-line').filter({ hasText: 'register reset' })
  await found.getByRole('link').first().click()
  await expect(page).toHaveURL(/\/registers\?period=|\/registers$/)
  await expect(page.getByRole('row').filter({ hasText: 'counted from zero' })).toBeVisible()
})
