import type { APIRequestContext, Page } from '@playwright/test'

import { randomUUID } from 'node:crypto'

import { expect, go, open, tabTo, test } from './page'

/** A rule beside the one that is typed. */
const second = { kind: 'threshold', channel: 'ActivePower', delaySeconds: 0, raise: 30, clear: 25, severity: 'info' }

/** The rules that a test made: of its own the demo watches no power. */
async function powerRules(request: APIRequestContext) {
  const answer = await (await request.get('/api/alarm-rules')).json()
  const { data } = answer as { data: { id: number; channel: string | null; meterId: number | null; raise: number }[] }
  return data.filter((rule) => rule.channel === second.channel)
}

test.afterEach(async ({ request }) => {
  for (const rule of await powerRules(request)) await request.delete(`/api/alarm-rules/${rule.id}`)
})

/** The open alarms of the main meter. */
const ofMainGrid = (page: Page) => page.locator('#alarms-open tbody tr').filter({ hasText: 'Main Grid' })

test('a manager adds a rule, whose alarm appears by itself, is acknowledged, by keyboard too, and becomes history', async ({ page, request }) => {
  // Of each run its own: what is over stays in the history.
  const note = `expected, tested in the browser ${randomUUID().slice(0, 8)}`
  const form = page.locator('form[data-act=alarm-add]')
  await open(page, '/')
  await go(page, 'a')
  await expect(page).toHaveURL(/\/alarms$/)
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  const alarm = ofMainGrid(page).filter({ hasText: 'critical' })
  await test.step('a rule is switched off, and on again by the undo', async () => {
    const rule = page.locator('.alarm-rules tbody tr').first()
    await rule.getByRole('button', { name: 'Switch off' }).click()
    await expect(rule.getByRole('button', { name: 'Switch on' })).toBeVisible()
    await page.locator('.done').getByRole('button', { name: 'Undo' }).click()
    await expect(rule.getByRole('button', { name: 'Switch off' })).toBeVisible()
  })
  await test.step('a limit that is no number is said at once, and nothing is lost', async () => {
    await page.getByText('Add a rule', { exact: true }).click()
    await page.getByLabel('What to watch').selectOption('ActivePower')
    await page.getByRole('button', { name: 'Choose', exact: true }).click()
    await form.getByLabel('Limit (kW)').fill('10')
    await form.getByLabel('The alarm is over at').fill('much')
    await form.getByRole('button', { name: 'Add the rule' }).click()
    await expect(page.getByText('is no number')).toBeVisible()
    await expect(form.getByLabel('Limit (kW)')).toHaveValue('10')
  })
  await test.step('a rule is added, and the alarm appears', async () => {
    const grid = form.getByLabel('Meter').locator('option').filter({ hasText: /, Main Grid$/ })
    await form.getByLabel('Meter').selectOption((await grid.getAttribute('value')) ?? '')
    await form.getByLabel('Limit (kW)').fill('0.02')
    await form.getByLabel('The alarm is over at').fill('0.01')
    await form.getByLabel('After seconds').fill('0')
    await form.getByLabel('Severity').selectOption('critical')
    await form.getByRole('button', { name: 'Add the rule' }).click()
    await expect(page.getByText('The rule is added.')).toBeVisible()
    await expect(alarm).toBeVisible({ timeout: 20_000 })
    await expect(alarm).toContainText('0.02 kW')
    await expect(page.getByRole('heading', { level: 1 })).toContainText('critical')
  })
  await test.step('a note that is being typed survives another alarm, and is sent by keyboard', async () => {
    await tabTo(page, alarm.getByLabel('Note'))
    await page.keyboard.type(note)
    const [watched] = await powerRules(request)
    const data = { ...second, meterId: watched?.meterId }
    expect((await request.post('/api/alarm-rules', { data })).ok()).toBe(true)
    await expect(ofMainGrid(page).filter({ hasText: 'info' })).toBeVisible({ timeout: 20_000 })
    await expect(alarm.getByLabel('Note')).toHaveValue(note)
    await page.keyboard.press('Enter')
    await expect(alarm).toContainText(note)
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
  })
  await test.step('the other is acknowledged on the overview', async () => {
    await go(page, 'o')
    const alarms = page.getByRole('region', { name: 'Alarms' })
    const line = alarms.getByRole('listitem').filter({ hasText: 'Main Grid' }).filter({ has: page.getByRole('button') })
    await expect(line).toBeVisible()
    const known = alarms.getByRole('listitem').filter({ hasText: 'Main Grid' }).filter({ hasText: 'known to' })
    const before = await known.count()
    await line.first().getByRole('button', { name: /^Acknowledge/ }).click()
    await expect(known).toHaveCount(before + 1)
    await expect(alarms).toContainText(/\d+ active/)
  })
  await test.step('the page of the meter shows it, and all alarms of the meter', async () => {
    await open(page, '/alarms')
    await alarm.getByRole('link').click()
    await expect(page).toHaveURL(/\/meters\/\d+$/)
    await expect(page.locator('.meter-alarms')).toContainText('0.02 kW')
    await page.getByRole('link', { name: 'All alarms of this meter' }).click()
    await expect(page).toHaveURL(/\/alarms\?meter=\d+/)
    await expect(alarm).toHaveCount(1)
    await expect(page.locator('#alarms-open tbody tr').filter({ hasNotText: 'Main Grid' })).toHaveCount(0)
  })
  await test.step('without its rule it is history', async () => {
    await open(page, '/alarms')
    const added = (await powerRules(request)).find(({ raise }) => raise !== second.raise)
    const rule = page.locator(`#rule-${added?.id}`)
    await rule.getByText('Change', { exact: true }).click()
    await rule.getByRole('button', { name: 'Remove the rule' }).click()
    await expect(page.getByText('The rule is removed.')).toBeVisible()
    await expect(rule).toHaveCount(0)
    const over = page.locator('#alarms-history tbody tr').filter({ hasText: note })
    await expect(over).toContainText('Main Grid')
  })
})
