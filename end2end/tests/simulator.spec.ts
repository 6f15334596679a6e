import type { Page } from '@playwright/test'

import { expect, neighbourhood, open, test } from './page'

test.beforeAll(async ({ request }) => {
  test.setTimeout(320_000)
  await neighbourhood(request)
})

/** kW that the chosen meter uses, by its newest record. */
async function uses(page: Page): Promise<number> {
  const text = await page.locator('#wave-newest').innerText()
  return Number(text.match(/uses ([\d.,]+) kW/)?.[1]?.replace(/,/g, ''))
}

/** Opens the simulator with its clock going, at the first household. */
async function running(page: Page): Promise<void> {
  await open(page, '/simulator')
  const go = page.getByRole('button', { name: 'Go on' })
  if (await go.isVisible()) await go.click()
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
}

test('the clock goes, is paused and says why', async ({ page }) => {
  await running(page)
  const time = page.locator('#world-time')
  const before = await time.innerText()
  await expect(time).not.toHaveText(before)
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.locator('#world-runs')).toContainText('someone stopped the clock')
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page.locator('#world-runs')).toContainText('runs')
})

test('a spike shows in the waveform at once', async ({ page }) => {
  await running(page)
  const form = page.locator('#world-spike')
  await form.getByLabel('Size').fill('40')
  await form.getByLabel('Minutes').fill('1440')
  await form.getByRole('button', { name: 'Add the spike' }).click()
  await expect(page.getByText('The spike is on')).toBeVisible()
  await expect.poll(() => uses(page)).toBeGreaterThan(39)
  await expect(page.locator('#world-spikes')).toContainText('Load, 40')
})

test('a factor and a switch change the waveform', async ({ page }) => {
  await running(page)
  // Another than the one with the spike.
  const row = page.locator('.world-list tbody tr').filter({ hasText: 'consumer' }).nth(1)
  const number = await row.getByRole('link').innerText()
  await row.getByRole('link').click()
  await expect(page.locator('.world-name')).toContainText(number)
  await expect(page).toHaveURL(/meter=\d+/)
  const factor = page.getByLabel('K of consumption')
  await factor.fill('50')
  await page.locator('form', { has: factor }).getByRole('button', { name: 'Set' }).click()
  await expect(page.getByText('K of one meter is set')).toBeVisible()
  await expect.poll(() => uses(page)).toBeGreaterThan(4)
  await factor.fill('0')
  await page.locator('form', { has: factor }).getByRole('button', { name: 'Set' }).click()
  await expect.poll(() => uses(page)).toBe(0)
  await factor.fill('1')
  await page.locator('form', { has: factor }).getByRole('button', { name: 'Set' }).click()

  const status = page.getByRole('switch', { name: 'Records' })
  await status.click()
  await expect(status).toHaveAttribute('aria-checked', 'false')
  await status.click()
  await expect(status).toHaveAttribute('aria-checked', 'true')
})

test('an appliance is added, switched off and removed', async ({ page }) => {
  await running(page)
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

test('what is typed stays while the world goes on', async ({ page }) => {
  await running(page)
  await page.getByText('New resource').click()
  const name = page.locator('#world-resource').getByLabel('Name')
  await name.fill('Half a word')
  const time = page.locator('#world-time')
  const before = await time.innerText()
  await expect(time).not.toHaveText(before)
  await expect(name).toHaveValue('Half a word')
})

test('a factor beyond reason is refused', async ({ page, complaints }) => {
  await running(page)
  const factor = page.getByLabel('K of consumption')
  for (const [value, said] of [['-1', /0 to 1,?000/], ['1e9', /0 to 1,?000/], ['fast', /no number/]] as const) {
    await factor.fill(value)
    await page.locator('form', { has: factor }).getByRole('button', { name: 'Set' }).click()
    await expect(page.getByRole('alert')).toContainText(said)
  }
  expect(complaints.every((text) => text.includes('500'))).toBe(true)
  complaints.length = 0
})
