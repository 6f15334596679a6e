import type { Page } from '@playwright/test'

import { expect, open, test } from './page'

test.afterEach(({ request }) => request.post('/simulation-time', { data: { paused: false } }))

/** kW that the chosen meter uses, by its newest record. */
async function uses(page: Page): Promise<number> {
  const text = await page.locator('#wave-newest').innerText()
  return Number(text.match(/uses ([\d.,]+) kW/)?.[1]?.replace(/,/g, ''))
}

/** Sets the factor of the chosen meter's consumption. */
async function factor(page: Page, value: string): Promise<void> {
  const field = page.getByLabel('K of consumption')
  await field.fill(value)
  await page.locator('form', { has: field }).getByRole('button', { name: 'Set' }).click()
}

test('the clock of a world runs fast, is paused and goes on; a spike, a factor and a switch change what a meter records', async ({ page, request, complaints }) => {
  await test.step('at the foot of the rail', async () => {
    await open(page, '/?site=world')
    const clock = page.locator('.live-time')
    const words = page.locator('.live-words')
    await expect(words).toHaveText('Simulated clock')
    await expect(page.locator('.live-zone')).toContainText('America/Los_Angeles')
    const first = await clock.innerText()
    expect(first).toMatch(/\d{4}, \d\d:\d\d$/)
    await expect(clock).not.toHaveText(first)
    await request.post('/simulation-time', { data: { paused: true } })
    await expect(words).toHaveText('Simulated clock, paused')
    const stands = await clock.innerText()
    await request.post('/simulation-time', { data: { paused: false } })
    await expect(words).toHaveText('Simulated clock')
    await expect(clock).not.toHaveText(stands)
  })
  await test.step('in the simulator', async () => {
    await open(page, '/simulator')
    const time = page.locator('#world-time')
    const before = await time.innerText()
    await expect(time).not.toHaveText(before)
    await page.getByRole('button', { name: 'Pause' }).click()
    await expect(page.locator('#world-runs')).toContainText('someone stopped the clock')
    await page.getByRole('button', { name: 'Go on' }).click()
    await expect(page.locator('#world-runs')).toContainText('runs')
  })
  await test.step('what is typed stays while it goes', async () => {
    await page.getByText('New resource').click()
    const name = page.locator('#world-resource').getByLabel('Name')
    await name.fill('Half a word')
    const time = page.locator('#world-time')
    const before = await time.innerText()
    await expect(time).not.toHaveText(before)
    await expect(name).toHaveValue('Half a word')
  })
  await test.step('a spike shows in the waveform at once', async () => {
    const form = page.locator('#world-spike')
    await form.getByLabel('Size').fill('40')
    await form.getByLabel('Minutes').fill('1440')
    await form.getByRole('button', { name: 'Add the spike' }).click()
    await expect(page.getByText('The spike is on')).toBeVisible()
    await expect.poll(() => uses(page)).toBeGreaterThan(39)
    await expect(page.locator('#world-spikes')).toContainText('Load, 40')
  })
  await test.step('a factor and a switch', async () => {
    // Another than the one with the spike.
    const row = page.locator('.world-list tbody tr').filter({ hasText: 'consumer' }).nth(1)
    const number = await row.getByRole('link').innerText()
    await row.getByRole('link').click()
    await expect(page.locator('.world-name')).toContainText(number)
    await expect(page).toHaveURL(/meter=\d+/)
    await factor(page, '50')
    await expect(page.getByText('K of one meter is set')).toBeVisible()
    await expect.poll(() => uses(page)).toBeGreaterThan(4)
    await factor(page, '0')
    await expect.poll(() => uses(page)).toBe(0)
    await factor(page, '1')
    const status = page.getByRole('switch', { name: 'Records' })
    await status.click()
    await expect(status).toHaveAttribute('aria-checked', 'false')
    await status.click()
    await expect(status).toHaveAttribute('aria-checked', 'true')
  })
  await test.step('an appliance is added, switched off and removed', async () => {
    await page.getByLabel('Add an appliance').selectOption('EV Charger')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const row = page.locator('.appliance').filter({ hasText: 'EV Charger' })
    await expect(row).toBeVisible()
    const flip = row.getByRole('switch')
    await flip.click()
    await expect(flip).toHaveAttribute('aria-checked', 'false')
    await flip.click()
    await row.getByRole('button', { name: 'Remove EV Charger' }).click()
    await expect(row).toHaveCount(0)
  })
  await test.step('a factor beyond reason is refused', async () => {
    for (const [value, said] of [['-1', /0 to 1,?000/], ['1e9', /0 to 1,?000/], ['fast', /no number/]] as const) {
      await factor(page, value)
      await expect(page.getByText(said)).toBeVisible()
    }
  })
  expect(complaints.every((text) => text.includes('status of 500'))).toBe(true)
  complaints.length = 0
})
