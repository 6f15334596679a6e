import type { APIRequestContext, Page } from '@playwright/test'

import { randomUUID } from 'node:crypto'

import { expect, go, open, tabTo, test } from './page'

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

/** The open alarms of the main meter. */
const ofMainGrid = (page: Page) => page.locator('#alarms-open tbody tr').filter({ hasText: 'Main Grid' })

test('a rule is switched off and on, another is refused and then added, and its alarm appears by itself and stays in the history', async ({ page, request }) => {
  // Of each run its own: what is over stays in the history.
  const note = `expected, tested in the browser ${randomUUID().slice(0, 8)}`
  const form = page.locator('form[data-act=alarm-add]')
  await open(page, '/alarms')
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
  await test.step('a note that is being typed survives another alarm', async () => {
    await alarm.getByLabel('Note').fill(note)
    const [watched] = await powerRules(request)
    const second = { ...terms, meterId: watched?.meterId, raise: 30, clear: 25, severity: 'info' }
    expect((await request.post('/api/alarm-rules', { data: second })).ok()).toBe(true)
    await expect(ofMainGrid(page).filter({ hasText: 'info' })).toBeVisible({ timeout: 20_000 })
    const added = (await powerRules(request)).find((rule) => rule.raise === 30)
    await request.delete(`/api/alarm-rules/${added?.id}`)
    await expect(alarm.getByLabel('Note')).toHaveValue(note)
    await alarm.getByRole('button', { name: 'Acknowledge' }).click()
    await expect(alarm).toContainText(note)
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
  })
  await test.step('the overview and the page of the meter show it', async () => {
    await page.goto('/')
    await expect(page.locator('.alarms-now')).toContainText('Main Grid')
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
    const rule = page.locator('.alarm-rules tbody tr').filter({ hasText: 'Main Grid' })
    await rule.getByText('Change', { exact: true }).click()
    await rule.getByRole('button', { name: 'Remove the rule' }).click()
    await expect(page.getByText('The rule is removed.')).toBeVisible()
    await expect(rule).toHaveCount(0)
    const over = page.locator('#alarms-history tbody tr').filter({ hasText: note })
    await expect(over).toContainText('Main Grid')
  })
})

test('alarms are acknowledged on the overview, and by keyboard', async ({ page, request }) => {
  await open(page, '/')
  const href = await page.locator('.hotspots').getByRole('link', { name: 'Main Grid' }).getAttribute('href')
  const watch = async (raise: number, severity: string) => {
    const rule = { ...terms, meterId: Number(href?.match(/node=(\d+)/)?.[1]), raise, clear: 10, severity }
    expect((await request.post('/api/alarm-rules', { data: rule })).ok()).toBe(true)
  }
  await test.step('on the overview', async () => {
    await watch(25, 'warning')
    const alarms = page.getByRole('region', { name: 'Alarms' })
    const line = alarms.getByRole('listitem').filter({ hasText: 'Main Grid' })
    await expect(line).toBeVisible({ timeout: 40_000 })
    await line.getByRole('button', { name: /^Acknowledge/ }).click()
    await expect(line).toContainText('known to')
    await expect(alarms).toContainText(/\d+ active/)
  })
  await test.step('by keyboard', async () => {
    await watch(20, 'critical')
    await go(page, 'a')
    const alarm = ofMainGrid(page).filter({ hasText: 'critical' })
    await expect(alarm).toBeVisible({ timeout: 20_000 })
    await tabTo(page, alarm.getByLabel('Note'))
    await page.keyboard.type('by keyboard')
    await page.keyboard.press('Enter')
    await expect(alarm).toContainText('by keyboard')
  })
})
