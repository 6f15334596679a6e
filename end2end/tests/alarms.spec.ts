import type { APIRequestContext } from '@playwright/test'

import { expect, open, test } from './page'

const terms = { kind: 'threshold', channel: 'ActivePower', delaySeconds: 0 }

/** The rules that a test made: of its own the demo watches no power. */
async function powerRules(request: APIRequestContext) {
  const answer = await (await request.get('/api/alarm-rules')).json()
  const { data } = answer as { data: { id: number; channel: string | null; meterId: number | null; raise: number }[] }
  return data.filter((rule) => rule.channel === terms.channel)
}

test.afterEach(async ({ request }) => {
  for (const rule of await powerRules(request)) await request.delete(`/api/alarm-rules/${rule.id}`)
})

test('an alarm appears by itself, is acknowledged, and stays in the history', async ({ page, request }) => {
  await open(page, '/alarms')
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  await page.getByText('Watch a channel').click()
  const form = page.locator('form[data-act=alarm-add]')
  await form.getByLabel('Channel').selectOption('ActivePower')
  const grid = form.getByLabel('Meter').locator('option').filter({ hasText: /, Main Grid$/ })
  await form.getByLabel('Meter').selectOption((await grid.getAttribute('value')) ?? '')
  await form.getByLabel('Raised beyond').fill('20')
  await form.getByLabel('Cleared within').fill('10')
  await form.getByLabel('After seconds').fill('0')
  await form.getByLabel('Severity').selectOption('critical')
  await form.getByRole('button', { name: 'Add the rule' }).click()
  await expect(page.getByText('The rule is added.')).toBeVisible()

  const alarm = page.locator('#alarms-open tbody tr').filter({ hasText: 'Main Grid' }).filter({ hasText: 'critical' })
  await expect(alarm).toBeVisible({ timeout: 20_000 })
  await expect(alarm).toContainText('20 W')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('critical')
  await alarm.getByLabel('Note').fill('expected, tested in the browser')
  // Another alarm draws the table anew below what is typed.
  const [watched] = await powerRules(request)
  const second = { ...terms, meterId: watched?.meterId, raise: 30, clear: 25, severity: 'info' }
  expect((await request.post('/api/alarm-rules', { data: second })).ok()).toBe(true)
  await expect(page.locator('#alarms-open tbody tr').filter({ hasText: 'info' })).toBeVisible({ timeout: 20_000 })
  const added = (await powerRules(request)).find((rule) => rule.raise === 30)
  await request.delete(`/api/alarm-rules/${added?.id}`)
  await expect(alarm.getByLabel('Note')).toHaveValue('expected, tested in the browser')
  await alarm.getByRole('button', { name: 'Acknowledge' }).click()
  await expect(alarm).toContainText('expected, tested in the browser')
  expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)

  await page.goto('/')
  await expect(page.locator('.alarms-now')).toContainText('Main Grid')

  await open(page, '/alarms')
  await alarm.getByRole('link').click()
  await expect(page).toHaveURL(/\/meters\/\d+$/)
  await expect(page.locator('.meter-alarms')).toContainText('20 W')
  await page.getByRole('link', { name: 'All alarms of this meter' }).click()
  await expect(page).toHaveURL(/\/alarms\?meter=\d+/)
  await expect(alarm).toHaveCount(1)
  await expect(page.locator('#alarms-open tbody tr').filter({ hasNotText: 'Main Grid' })).toHaveCount(0)

  await open(page, '/alarms')
  const rule = page.locator('.alarm-rules tbody tr').filter({ hasText: 'Main Grid' })
  await rule.getByText('Change', { exact: true }).click()
  await rule.getByRole('button', { name: 'Remove the rule' }).click()
  await expect(page.getByText('The rule is removed.')).toBeVisible()
  await expect(rule).toHaveCount(0)
  const over = page.locator('#alarms-history tbody tr').filter({ hasText: 'expected, tested in the browser' })
  await expect(over).toContainText('Main Grid')
})

test('a rule is switched off, and on again by the undo', async ({ page }) => {
  await open(page, '/alarms')
  const rule = page.locator('.alarm-rules tbody tr').first()
  await expect(rule).toContainText('Switch off')
  await rule.getByRole('button', { name: 'Switch off' }).click()
  await expect(rule.getByRole('button', { name: 'Switch on' })).toBeVisible()
  await page.locator('.done').getByRole('button', { name: 'Undo' }).click()
  await expect(rule.getByRole('button', { name: 'Switch off' })).toBeVisible()
})

test('a limit that cannot be is said and nothing is lost', async ({ page }) => {
  await open(page, '/alarms')
  await page.getByText('Watch a channel').click()
  const form = page.locator('form[data-act=alarm-add]')
  await form.getByLabel('Raised beyond').fill('10')
  await form.getByLabel('Cleared within').fill('much')
  await form.getByRole('button', { name: 'Add the rule' }).click()
  await expect(page.getByText('is no number')).toBeVisible()
  await expect(form.getByLabel('Raised beyond')).toHaveValue('10')
})
