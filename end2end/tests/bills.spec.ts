import type { Page } from '@playwright/test'

import { expect, neighbourhood, open, test } from './page'

test.beforeAll(async ({ request }) => {
  test.setTimeout(320_000)
  await neighbourhood(request)
})

const state = (page: Page) => page.locator('#bills-state')
const rows = (page: Page) => page.locator('.bill-list tbody tr')

/** The page of the first bill of the last month that is over. */
async function firstBill(page: Page): Promise<void> {
  await open(page, '/bills')
  await rows(page).first().getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/Energy bill/)
}

test('a run over the month is followed, survives a reload, and ends', async ({ page }) => {
  await open(page, '/bills')
  await page.locator('.months [rel=next]').click()
  await page.getByRole('button', { name: 'Compute drafts' }).click()
  await expect(page.getByText('The run is started')).toBeVisible()
  await page.reload()
  await expect(page.locator('#bills-run')).toContainText(/computed the drafts of \d+ meters|Computing drafts/)
  await expect(page.locator('#bills-run')).toContainText(/computed the drafts of \d+ meters/)
  await expect(state(page).getByRole('heading', { level: 1 })).toContainText(/bills: .* to pay, .* to refund/)
  await expect(rows(page).filter({ hasText: 'not computed' })).toHaveCount(0)
})

test('the months are stepped through, and the address keeps the month', async ({ page }) => {
  await open(page, '/bills')
  const months = page.locator('.months [aria-current]')
  const latest = await months.innerText()
  await page.locator('.months [rel=prev]').click()
  await expect(months).not.toHaveText(latest)
  await expect(page).toHaveURL(/month=\d{4}-\d{2}/)
  await page.goBack()
  await expect(months).toHaveText(latest)
})

test('a line of a bill opens to its intervals, and to all of them', async ({ page }) => {
  await firstBill(page)
  const line = page.locator('.bill-item').first()
  await line.locator('summary').click()
  const intervals = line.getByRole('table')
  await expect(intervals.getByRole('row')).toHaveCount(7)
  await expect(intervals).toContainText(/good|estimated|derived/)
  await line.getByRole('link', { name: 'Show all' }).click()
  await expect(page).toHaveURL(/line=0/)
  await expect.poll(() => line.getByRole('row').count()).toBeGreaterThan(500)
})

test('the lines of a bill add up to what is to be paid', async ({ page }) => {
  await firstBill(page)
  const number = (text: string) => Number(text.replace('\u2212', '-').replace(/,/g, ''))
  const amounts = await page.locator('.bill-item summary > :last-child').allInnerTexts()
  const total = await page.locator('.bill-total > :last-child').innerText()
  const sum = amounts.map(number).reduce((one, other) => one + other, 0)
  expect(sum).toBeCloseTo(number(total), 2)
})

test('when a month is over, its bills are issued, have numbers, and never change', async ({ page }) => {
  test.setTimeout(240_000)
  const clock = await (await page.request.get('/simulation-time')).json()
  const now = new Date(clock.current_datetime as string)
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 12))
  const jump = await page.request.post('/simulation-time', { data: { current_datetime: next.toISOString() } })
  expect(jump.ok()).toBe(true)
  await open(page, '/bills')
  await expect(page.getByRole('button', { name: 'Issue all' })).toBeVisible()
  // What was recorded by the jump is added up first: until then bills are held back.
  const issue = page.getByRole('button', { name: 'Issue all' })
  await expect
    .poll(
      async () => {
        if (await issue.isVisible()) await issue.click()
        await expect(page.locator('#bills-run')).toContainText(/issued \d+ bills/, { timeout: 60_000 })
        return rows(page).filter({ hasText: 'issued' }).count()
      },
      { timeout: 200_000, intervals: [3_000] },
    )
    .toBeGreaterThan(0)
  await rows(page).filter({ hasText: 'issued' }).first().getByRole('link').click()
  await expect(page.getByRole('heading', { name: 'Issued, cannot change' })).toBeVisible()
  await expect(page.locator('.bill-facts')).toContainText(/Number \d{4}-\d{2}-\d+/)
  await expect(page.getByRole('button', { name: 'Issue' })).toHaveCount(0)
  for (const [name, type] of [['CSV', /csv/], ['Green Button', /xml/]] as const) {
    const href = await page.getByRole('link', { name }).getAttribute('href')
    const response = await page.request.get(href ?? '')
    expect(response.status()).toBe(200)
    expect(response.headers()['content-type']).toMatch(type)
  }
})

test('on paper stands the bill alone', async ({ page }) => {
  await firstBill(page)
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('.rail')).toBeHidden()
  await expect(page.locator('.top')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden()
  await expect(page.locator('.bill-total')).toBeVisible()
  const pdf = await page.pdf({ preferCSSPageSize: true })
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
})

test('a month that has not begun is refused with words', async ({ page }) => {
  await page.goto('/bills?month=2999-01')
  await expect(page.getByText(/has not begun/)).toBeVisible()
})
