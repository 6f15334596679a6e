import type { Page } from '@playwright/test'

import { expect, goTo, live, open, test } from './page'

const bar = (page: Page) => page.getByRole('navigation', { name: 'Period' })
const headline = (page: Page) => page.getByRole('heading', { level: 1 })

/** Asks for a period by its first and last day. */
async function choose(page: Page, from: string, to: string): Promise<void> {
  const first = bar(page).getByLabel('From', { exact: true })
  if (!(await first.isVisible())) await bar(page).getByText('Custom', { exact: true }).click()
  await first.fill(from)
  await bar(page).getByLabel('To', { exact: true }).fill(to)
  await bar(page).getByRole('button', { name: 'Show' }).click()
}

test('a period stands in the address, over pages, on reload and back, is compared, and corrected where it cannot be meant', async ({ page }) => {
  await open(page, '/losses')
  const week = bar(page).getByRole('link', { name: 'Week', exact: true })
  await test.step('it is chosen, and keeps what is selected', async () => {
    await page.getByRole('link', { name: 'Main Grid' }).first().click()
    await expect(page).toHaveURL(/node=\d+/)
    await week.click()
    await expect(page).toHaveURL(/node=\d+&period=week/)
    await expect(headline(page)).toContainText('this week')
  })
  await test.step('it goes along to other pages', async () => {
    await goTo(page, 'Carbon')
    await expect(page).toHaveURL(/\/carbon\?period=week$/)
    await expect(headline(page)).toContainText('this week')
    await page.reload()
    await live(page)
    await expect(week).toHaveAttribute('aria-current', 'true')
    await goTo(page, 'Meters')
    await expect(page.getByRole('columnheader', { name: /this week/i })).toBeVisible()
  })
  await test.step('arrow keys step through the periods', async () => {
    await open(page, '/losses')
    await bar(page).getByRole('link', { name: 'Today', exact: true }).focus()
    await page.keyboard.press('ArrowLeft')
    await expect(page).toHaveURL(/period=yesterday/)
    await expect(headline(page)).toContainText('yesterday')
    await page.keyboard.press('ArrowLeft')
    await expect(page).toHaveURL(/period=today&at=\d{4}-\d\d-\d\d/)
    // A key follows its link in the bar, which is drawn anew for each address.
    const next = bar(page).locator('[data-key~="ArrowRight"]')
    await expect(next).toHaveAttribute('href', /period=yesterday/)
    await page.keyboard.press('ArrowRight')
    await expect(page).toHaveURL(/period=yesterday/)
  })
  await test.step('a page without a period has no bar, and hands it on', async () => {
    await open(page, '/history?period=month&compare=previous')
    await goTo(page, 'Devices')
    await expect(page).toHaveURL(/\/devices\?compare=previous&period=month$/)
    await expect(page.locator('#period-bar')).toBeEmpty()
    await goTo(page, 'History')
    await expect(page).toHaveURL(/\/history\?compare=previous&period=month$/)
    await page.goBack()
    await expect(page).toHaveURL(/\/devices/)
    await page.goBack()
    await expect(page.locator('#period-bar .segment[aria-current]')).toHaveText('Month')
  })
  const main = page.getByRole('main')
  await test.step('this week against last takes two clicks from the overview', async () => {
    await open(page, '/')
    await bar(page).getByRole('link', { name: 'Week', exact: true }).click()
    await expect(headline(page)).toContainText('This week: ')
    await expect(main).not.toContainText('15 min balance')
    await bar(page).getByRole('link', { name: /^Compare: / }).click()
    await expect(page).toHaveURL(/period=week&compare=previous/)
  })
  await test.step('figures, chart and nodes stand beside those of last week', async () => {
    const change = page.getByRole('columnheader', { name: /^Change/ })
    await expect(change).toHaveCount(2)
    await expect(page.getByRole('row', { name: /^Consumption kWh/ })).toBeVisible()
    await expect(page.getByRole('img', { name: /^Site input by hour, this week/ })).toBeVisible()
    await expect(page.getByRole('heading', { name: /^Hotspots this week/ })).toBeVisible()
    await expect(page.locator('.overview-compared')).toContainText('up to the same time')
  })
  await test.step('what is live is headed as of now', async () => {
    const now = page.getByRole('region', { name: /^Now/ })
    await expect(now.getByRole('region', { name: 'Alarms' })).toBeVisible()
    await now.getByRole('link', { name: 'live overview' }).click()
    await expect(main).toContainText('15 min balance')
  })
  await test.step('what was typed stays to be corrected, as does what else stands in the address', async () => {
    await open(page, '/losses?q=m%C3%BCll%20%26%20co')
    await choose(page, '2026-03-02', '2026-03-01')
    await expect(page.getByRole('alert').first()).toContainText('before it begins')
    await bar(page).getByText('Custom', { exact: true }).click()
    await expect(bar(page).getByLabel('From', { exact: true })).toHaveValue('2026-03-02')
    await choose(page, '2026-03-02', '2026-03-03')
    await expect(page).toHaveURL(/from=2026-03-02&to=2026-03-03/)
    expect(new URL(page.url()).searchParams.get('q')).toBe('müll & co')
    await expect(page.getByRole('alert')).toBeHidden()
  })
})
