import { expect, neighbourhood, open, test } from './page'

test.beforeAll(async ({ request }) => {
  test.setTimeout(320_000)
  await neighbourhood(request)
})

test('a prosumer sees today, trades, opens the bill and prints it', async ({ page }) => {
  await open(page, '/energy')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/kWh today/)
  const today = page.locator('#mine-today')
  for (const name of ['Used', 'Made', 'Sold', 'Bought']) {
    await expect(today).toContainText(name)
  }
  await expect(page.getByRole('img', { name: /Power of .* today/ })).toBeVisible()

  const form = page.locator('#new-trade')
  await form.getByLabel('Buyer').selectOption({ index: 1 })
  await form.getByLabel('Energy, kWh').fill('0.75')
  await form.getByLabel(/Price/).fill('5.125')
  await form.getByRole('button', { name: 'Post the trade' }).click()
  await expect(page.getByText('The trade is posted.')).toBeVisible()
  await expect(page.locator('.trade-list')).toContainText('5.125')

  await page.getByRole('link', { name: 'Open the bill' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/Energy bill/)
  await expect(page.locator('.bill-side')).toContainText('5.125')
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute('data-printed', '')
  })
  await page.getByRole('button', { name: 'Print' }).click()
  await expect(page.locator('body')).toHaveAttribute('data-printed', '')
})

test('another household is chosen, and stands in the address', async ({ page }) => {
  await open(page, '/energy')
  const choice = page.getByLabel('Household')
  const last = await choice.locator('option').last().getAttribute('value')
  await choice.selectOption(last)
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(page).toHaveURL(new RegExp(`meter=${last}`))
  await expect(page.getByLabel('Household')).toHaveValue(last ?? '')
})
