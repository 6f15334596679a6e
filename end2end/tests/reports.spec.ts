import { expect, onPaper, open, test } from './page'

test('the report of the month under way is opened, and printed alone', async ({ page }) => {
  await open(page, '/reports')
  const row = page.locator('.report-months tbody tr').first()
  await expect(row).toContainText('under way')
  await row.getByRole('rowheader').getByRole('link').click()
  await expect(page).toHaveURL(/\/reports\/\d{4}-\d{2}/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Energy and loss report')
  await expect(page.locator('#days .report-chart svg[role=img]')).toBeVisible()
  await page.locator('#days').getByText('As a table').click()
  await expect(page.locator('#days tbody tr').first()).toBeVisible()
  await onPaper(page, '.report-paper')
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('.report-tools')).toBeHidden()
  await expect(page.locator('#losses')).toBeVisible()
  const background = await page.locator('.report-paper').evaluate((paper) => getComputedStyle(paper).backgroundColor)
  expect(background).toBe('rgb(255, 255, 255)')
})
