import type { APIRequestContext, Page } from '@playwright/test'

import { expect, onPaper, open, test } from './page'

const address = 'browser-test@plant.example'

async function schedules(request: APIRequestContext) {
  const answer = await (await request.get('/api/report-schedules')).json()
  const { data } = answer as { data: { id: number; addresses: string[] }[] }
  return data.filter(({ addresses }) => addresses.some((one) => one.endsWith('browser-test@plant.example')))
}

test.afterEach(async ({ request }) => {
  for (const { id } of await schedules(request)) await request.delete(`/api/report-schedules/${id}`)
})

/** The report of the month under way, which the demo has always read in part. */
async function running(page: Page): Promise<void> {
  await open(page, '/reports')
  const row = page.locator('.report-months tbody tr').first()
  await expect(row).toContainText('under way')
  await row.getByRole('rowheader').getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Energy and loss report')
}

test('the month under way has the figures of the API, and is printed alone', async ({ page, request }) => {
  await running(page)
  await expect(page).toHaveURL(/\/reports\/\d{4}-\d{2}/)
  await expect(page.locator('.report-state').first()).toContainText('The month is under way')
  await expect(page.locator('.report-summary')).toContainText(/kWh came in.*CO₂/)
  for (const name of ['Energy by source', 'Day by day', 'Losses by node', 'Carbon', 'Data quality', 'Alarms'])
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible()
  await expect(page.locator('#days .report-chart svg[role=img]')).toBeVisible()
  await expect(page.locator('#losses tbody tr').first()).not.toContainText('NaN')

  const month = new URL(page.url()).pathname.split('/').pop()
  const { data } = (await (await request.get(`/api/reports/${month}`)).json()) as {
    data: { days: unknown[]; nodes: unknown[] }
  }
  await page.locator('#days').getByText('As a table').click()
  await expect(page.locator('#days tbody tr')).toHaveCount(data.days.length)
  await expect(page.locator('#losses tbody tr')).not.toHaveCount(0)
  const file = await request.get((await page.locator('#days').getByRole('link', { name: 'CSV' }).getAttribute('href')) ?? '')
  expect(file.headers()['content-type']).toContain('text/csv')

  await test.step('on paper stands the report alone', async () => {
    await onPaper(page, '.report-paper')
    await page.emulateMedia({ media: 'print' })
    await expect(page.locator('.report-tools')).toBeHidden()
    await expect(page.locator('#losses')).toBeVisible()
    const background = await page.locator('.report-paper').evaluate((paper) => getComputedStyle(paper).backgroundColor)
    expect(background).toBe('rgb(255, 255, 255)')
  })
})

test('a schedule is added, changed, sent now, switched off and removed', async ({ page, request }) => {
  await open(page, '/reports')
  const form = page.locator('form[data-act=report-add]')
  await form.getByLabel('E-mail addresses').fill('nobody')
  await form.getByRole('button', { name: 'Send it from now on' }).click()
  await expect(page.getByText('is no mailbox')).toBeVisible()
  await form.getByLabel('E-mail addresses').fill(address)
  await form.getByLabel('Day of the month').fill('3')
  await form.getByLabel('Language').selectOption('de')
  await form.getByRole('button', { name: 'Send it from now on' }).click()
  await expect(page.getByText('The report is sent from now on.')).toBeVisible()
  const row = page.locator('#report-schedules tbody tr').filter({ hasText: address })
  await expect(row).toContainText('on day 3 at 06:00, Deutsch')

  const [made] = await schedules(request)
  const change = page.locator(`#change-${made?.id}`)
  await change.locator('summary').click()
  await change.getByLabel('Hour').fill('8')
  await change.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('The schedule is changed.')).toBeVisible()
  await expect(row).toContainText('on day 3 at 08:00')

  // Somebody else changes it meanwhile: what is typed here is refused, and says both values.
  await change.locator('summary').click()
  await change.getByLabel('Hour').fill('9')
  await request.patch(`/api/report-schedules/${made?.id}`, { data: { hour: 10 } })
  await change.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('hour is 10 now, and you give 9')).toBeVisible()
  await page.reload()

  await row.getByRole('button', { name: 'Send now' }).click()
  // The demo has no mail server, and says so.
  await expect(row).toContainText('--smtp-url', { timeout: 20_000 })
  await row.getByRole('button', { name: 'Switch off' }).click()
  await expect(row.getByRole('button', { name: 'Switch on' })).toBeVisible()
  await change.locator('summary').click()
  await change.getByRole('button', { name: 'Remove' }).click()
  await expect(row).toHaveCount(0)
})
