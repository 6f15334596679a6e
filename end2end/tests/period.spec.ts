import { expect, live, open, test } from './page'

const bar = { role: 'navigation', name: 'Period' } as const

test('the period stands in the address, over pages and on reload', async ({ page }) => {
  await open(page, '/losses')
  const period = page.getByRole(bar.role, { name: bar.name })
  await period.getByRole('link', { name: 'Week', exact: true }).click()
  await expect(page).toHaveURL(/\/losses\?period=week$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('this week')
  const rail = page.getByRole('navigation', { name: 'Main' })
  await rail.getByRole('link', { name: 'Carbon' }).click()
  await expect(page).toHaveURL(/\/carbon\?period=week$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('this week')
  await page.reload()
  await live(page)
  await expect(period.getByRole('link', { name: 'Week', exact: true })).toHaveAttribute('aria-current', 'true')
  await rail.getByRole('link', { name: 'Meters' }).click()
  await expect(page.getByRole('columnheader', { name: /this week/i })).toBeVisible()
})

test('arrow keys step through the periods', async ({ page }) => {
  await open(page, '/losses')
  const period = page.getByRole(bar.role, { name: bar.name })
  await period.getByRole('link', { name: 'Today', exact: true }).focus()
  await page.keyboard.press('ArrowLeft')
  await expect(page).toHaveURL(/period=yesterday/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('yesterday')
  await page.keyboard.press('ArrowLeft')
  await expect(page).toHaveURL(/period=today&at=\d{4}-\d\d-\d\d/)
  await page.keyboard.press('ArrowRight')
  await expect(page).toHaveURL(/period=yesterday/)
})

test('another period keeps what is selected', async ({ page }) => {
  await open(page, '/losses')
  await page.getByRole('link', { name: 'Main Grid' }).first().click()
  await expect(page).toHaveURL(/node=\d+/)
  const period = page.getByRole(bar.role, { name: bar.name })
  await period.getByRole('link', { name: 'Yesterday', exact: true }).click()
  await expect(page).toHaveURL(/node=\d+&period=yesterday/)
})

test('a period of one’s own is chosen by two days, also without scripts', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto('/carbon')
  const today = await page.getByLabel('To', { exact: true }).inputValue()
  const period = page.getByRole(bar.role, { name: bar.name })
  await period.getByText('Custom', { exact: true }).click()
  await period.getByRole('button', { name: 'Show' }).click()
  await expect(page).toHaveURL(new RegExp(`period=custom.*to=${today}`))
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Net')
  await context.close()
})

test('a period that cannot be meant is answered with a sentence', async ({ page }) => {
  for (const [query, said] of [
    ['period=custom&from=1920-01-01&to=2020-01-01', 'ten years'],
    ['period=custom&from=2026-03-02&to=2026-03-01', 'before it begins'],
    ['period=custom&from=2026-02-30&to=2026-03-01', 'is no day'],
    ['period=custom', 'its first and its last day'],
    ['period=fortnight', 'is no period'],
    ['compare=decade', 'cannot be compared with'],
    ['period=month&at=2100-01-01', 'still to come'],
  ]) {
    await open(page, `/losses?${query}`)
    await expect(page.getByRole('alert').first()).toContainText(said)
  }
})

test('days that cannot be meant stay to be corrected', async ({ page }) => {
  await open(page, '/losses?period=custom&from=2026-03-02&to=2026-03-01')
  const period = page.getByRole(bar.role, { name: bar.name })
  await period.getByText('Custom', { exact: true }).click()
  await expect(period.getByLabel('From', { exact: true })).toHaveValue('2026-03-02')
  await period.getByLabel('To', { exact: true }).fill('2026-03-03')
  await period.getByRole('button', { name: 'Show' }).click()
  await expect(page).toHaveURL(/from=2026-03-02&to=2026-03-03/)
  await expect(page.getByRole('alert')).toBeHidden()
})

test('what else stands in the address survives the two days of one’s own', async ({ page }) => {
  await open(page, '/meters?q=m%C3%BCll%20%26%20co')
  const period = page.getByRole(bar.role, { name: bar.name })
  await period.getByText('Custom', { exact: true }).click()
  await period.getByRole('button', { name: 'Show' }).click()
  await expect(page).toHaveURL(/period=custom/)
  expect(new URL(page.url()).searchParams.get('q')).toBe('müll & co')
})

test('a page without a period has no bar, and hands the period on', async ({ page }) => {
  await open(page, '/losses?period=month&compare=previous')
  const rail = page.getByRole('navigation', { name: 'Main' })
  await rail.getByRole('link', { name: 'Devices' }).click()
  await expect(page).toHaveURL(/\/devices\?compare=previous&period=month$/)
  await expect(page.locator('#period-bar')).toBeEmpty()
  await rail.getByRole('link', { name: 'Carbon' }).click()
  await expect(page).toHaveURL(/\/carbon\?compare=previous&period=month$/)
  await page.goBack()
  await expect(page).toHaveURL(/\/devices/)
  await page.goBack()
  await expect(page.locator('#period-bar .segment[aria-current]')).toHaveText('Month')
})
