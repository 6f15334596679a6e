import { expect, neighbourhood, open, test } from './page'

test.beforeAll(async ({ request }) => {
  test.setTimeout(320_000)
  await neighbourhood(request)
})

test('a trade is posted and shows with what of it counts', async ({ page }) => {
  await open(page, '/trades')
  const form = page.locator('#new-trade')
  await form.getByLabel('Seller').selectOption({ index: 1 })
  await form.getByLabel('Buyer').selectOption({ index: 9 })
  await form.getByLabel('Energy, kWh').fill('1.5')
  await form.getByLabel(/Price/).fill('5.25')
  await form.getByRole('button', { name: 'Post the trade' }).click()
  await expect(page.getByText('The trade is posted.')).toBeVisible()
  const row = page.locator('.trade-list tbody tr').filter({ hasText: '5.25' })
  await expect(row).toContainText('1.5')
  await expect(row).toContainText(/settled|so far/)
})

test('nobody trades with themselves, and nothing typed is lost', async ({ page }) => {
  await open(page, '/trades')
  const form = page.locator('#new-trade')
  const seller = form.getByLabel('Seller')
  await seller.selectOption({ index: 1 })
  await form.getByLabel('Buyer').selectOption(await seller.inputValue())
  await form.getByLabel('Energy, kWh').fill('2')
  await form.getByLabel(/Price/).fill('5')
  await form.getByRole('button', { name: 'Post the trade' }).click()
  await expect(page.getByRole('alert')).toContainText('cannot trade with itself')
  await expect(form.getByLabel('Energy, kWh')).toHaveValue('2')
  await form.getByLabel('Energy, kWh').fill('much')
  await form.getByRole('button', { name: 'Post the trade' }).click()
  await expect(page.getByRole('alert')).toContainText('is no number')
})
