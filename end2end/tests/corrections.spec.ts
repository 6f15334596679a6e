import type { Page } from '@playwright/test'

import { expect, open, test } from './page'

/** The page of a meter of the demo, by name. */
async function meter(page: Page, name: string, rest: string): Promise<void> {
  await open(page, `/meters?q=${encodeURIComponent(name)}`)
  const href = await page.getByRole('link', { name, exact: true }).first().getAttribute('href')
  const id = href?.match(/meter=(\d+)/)?.[1]
  await open(page, `/meters/${id}${rest}`)
}

/** Noon of the day before, as a field for times takes it. */
async function yesterday(page: Page): Promise<string> {
  return page.evaluate(() => `${new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)}T12:00:00`)
}

test('the register shows the reset, and its sum is that of the intervals', async ({ page }) => {
  await meter(page, 'Air Compressor', '/registers?period=month')
  const rows = page.getByRole('table').filter({ hasText: 'Reading of the register' })
  const reset = rows.getByRole('row').filter({ hasText: 'counted from zero' })
  await expect(reset).toBeVisible()
  await expect(rows.getByRole('row').filter({ hasText: 'last before the change' })).toBeVisible()
  await expect(page.getByText('Why a reset and not a rollover?')).toBeVisible()
  await expect(rows.locator('tfoot')).toContainText('intervals')
})

test('an exchange is entered, counts, and is undone', async ({ page }) => {
  await meter(page, 'Gate House', '/corrections')
  const form = page.locator('form[data-act=exchange]')
  await form.getByLabel('When').fill(await yesterday(page))
  await form.getByLabel('Old, last figure').fill('1000')
  await form.getByLabel('New, first figure').fill('0')
  await form.getByLabel('Reason').fill('tested in the browser')
  await form.getByRole('button', { name: 'Enter' }).click()
  await expect(page.getByText('The exchange is entered')).toBeVisible()
  const row = page.getByRole('row').filter({ hasText: 'tested in the browser' })
  await expect(row).toContainText('1,000.0')
  await row.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toContainText('undone')
})

test('what cannot be entered is said and nothing is lost', async ({ page }) => {
  await meter(page, 'Gate House', '/corrections')
  const form = page.locator('form[data-act=exchange]')
  await form.getByLabel('When').fill(await yesterday(page))
  await form.getByLabel('Old, last figure').fill('a thousand')
  await form.getByLabel('Reason').fill('mistyped')
  await form.getByRole('button', { name: 'Enter' }).click()
  await expect(page.getByText('is no number')).toBeVisible()
  await expect(form.getByLabel('Reason')).toHaveValue('mistyped')
})
