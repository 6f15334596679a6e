import { expect, live, open, rows, test } from './page'

test.beforeEach(async ({ page }) => {
  await open(page, '/meters')
  await rows(page).first().focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/meters\/\d+$/)
})

test('a meter shows its values with quality and age', async ({ page }) => {
  const values = page.getByRole('table').filter({ hasText: 'Channel' })
  const power = values.getByRole('row').filter({ hasText: /^Active power/ })
  await expect(power).toContainText('good')
  await expect(power).toContainText(/\d s$/)
})

test('a meter shows its last 24 hours and how much of them is covered', async ({ page }) => {
  await expect(page.getByRole('img', { name: /^Active power of/ })).toBeVisible()
  await expect(page.getByText(/% of 24 h covered/)).toBeVisible()
})

test('a node shows what hangs below it and leads there', async ({ page }) => {
  await page.getByRole('link', { name: 'Children' }).click()
  await expect(page).toHaveURL(/\/children$/)
  const below = page.getByRole('table').filter({ hasText: 'Loss' })
  const child = below.getByRole('link').first()
  const name = await child.innerText()
  await child.click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await live(page)
})

test('a meter says what its energy of today cost, whatever the prices of the day are', async ({ page }) => {
  const cost = page.locator('.headline li').filter({ hasText: 'cost today' })
  await expect(cost).toHaveText(/^₹[\d,]+(\.\d\d)?cost today$/)
})

test('a meter goes on living without a reload', async ({ page }) => {
  const power = page.locator('.headline .figure').first()
  const before = await power.innerText()
  await expect(power).not.toHaveText(before, { useInnerText: true })
})

test.describe('a meter that comes and goes', () => {
  const number = 'SPARE-1'
  test.afterEach(({ request }) => request.delete(`/api/Energy/meters/${number}`))

  test('keeps its page when it is taken away, which says so', async ({ page, request }) => {
    const meter = { meterNumber: number, meterName: 'Spare meter', meterType: 'Machine' }
    const added = await request.post('/api/Energy/meters', { data: meter })
    const { id } = ((await added.json()) as { data: { id: number } }).data
    await expect.poll(async () => (await request.get(`/meters/${id}`)).status()).toBe(200)
    await open(page, `/meters/${id}`)
    await expect(page.getByRole('heading', { level: 1, name: 'Spare meter' })).toBeVisible()
    await request.delete(`/api/Energy/meters/${id}`)
    await expect(page.getByText('This meter was taken away.')).toBeVisible()
    await expect(page.getByRole('heading', { level: 1, name: 'Spare meter' })).toBeVisible()
  })
})
