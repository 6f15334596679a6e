import { readFile } from 'node:fs/promises'
import type { APIRequestContext, Locator, Page } from '@playwright/test'
import { expect, open, test } from './page'

type Meter = { id: number; meterNumber: string; meterName: string; children?: Meter[] }

/** Two meters of the plant. */
async function two(request: APIRequestContext): Promise<[Meter, Meter]> {
  const answer = await request.get('/api/Energy/meters/hierarchy')
  const roots = ((await answer.json()) as { data: Meter[] }).data
  const all = roots.flatMap((root) => [root, ...(root.children ?? [])])
  return [all[0]!, all[1]!]
}

const plot = (page: Page): Locator => page.locator('#hand-plot')
const series = (page: Page): Locator =>
  page.getByRole('group', { name: 'Series' }).locator('tbody').getByRole('row')

test('two meters are chosen and saved as files, a stretch is drawn with the pointer, and keys zoom around the crosshair', async ({ page, request }) => {
  const [one, other] = await two(request)
  await test.step('they are chosen, and one is removed', async () => {
    await open(page, '/')
    await page.getByRole('link', { name: 'History' }).first().click()
    await expect(page.getByText('Choose meters and channels')).toBeVisible()
    await page.getByLabel('Find a meter by name or number').fill(one.meterName)
    await page.getByRole('button', { name: 'Find' }).click()
    await expect(page).toHaveURL(/find=/)
    await page.getByRole('link', { name: `Add Power of ${one.meterName}`, exact: true }).click()
    await expect(series(page)).toHaveCount(1)
    await page.getByLabel('Find a meter by name or number').fill(other.meterName)
    await page.getByRole('button', { name: 'Find' }).click()
    await expect(page).toHaveURL(/series=.*find=|find=.*series=/)
    await page.getByRole('link', { name: `Add Energy of ${other.meterName}`, exact: true }).click()
    await expect(series(page)).toHaveCount(2)
    await expect(page).toHaveURL(new RegExp(`series=${one.id}\\.power_${other.id}\\.energy`))
    await expect(plot(page)).toHaveAttribute('aria-label', new RegExp(`${one.meterName}, Power`))
    await page.reload()
    await expect(series(page)).toHaveCount(2)
    await page.getByRole('link', { name: `Remove ${one.meterName}, Power` }).click()
    await expect(series(page)).toHaveCount(1)
  })
  await test.step('the figures come as CSV, the chart as SVG and PNG', async () => {
    await open(page, `/history?series=${one.id}.power_${other.id}.energy&period=yesterday`)
    const saved = async (name: string, button: Locator) => {
      const download = page.waitForEvent('download')
      await button.click()
      const file = await download
      expect(file.suggestedFilename()).toMatch(new RegExp(`^history-.*\\.${name}$`))
      return readFile(await file.path())
    }
    const csv = (await saved('csv', page.locator('a[href*="file=history.csv"]'))).toString()
    const [names, first] = csv.split('\r\n')
    expect(names).toContain('Power (kW)')
    expect(names).toContain('Energy (kWh)')
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT00:00:00[+-]\d\d:\d\d,/)
    const svg = (await saved('svg', page.getByRole('link', { name: 'SVG' }))).toString()
    expect(svg).toContain('<svg')
    const png = await saved('png', page.getByRole('button', { name: 'PNG' }))
    expect(png.subarray(1, 4).toString()).toBe('PNG')
  })
  await test.step('a stretch is drawn with the pointer', async () => {
    await open(page, `/history?series=${one.id}.power_${other.id}.energy&period=yesterday`)
    const area = plot(page).locator('.plot-area')
    const box = (await area.boundingBox())!
    const middle = box.y + box.height / 2
    await page.mouse.move(box.x + box.width * 0.25, middle)
    await expect(series(page).first().locator('.at').first()).toHaveText(/\d/)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.5, middle, { steps: 5 })
    await page.mouse.up()
    await expect(page).toHaveURL(/zoom=\d{4}-\d\d-\d\dT/)
    await expect(page.getByText(/zoomed to/)).toBeVisible()
    const times = await page.locator('.plot-times').innerHTML()
    await page.reload()
    await expect(page.getByText(/zoomed to/)).toBeVisible()
    expect(await page.locator('.plot-times').innerHTML()).toBe(times)
    await page.getByRole('link', { name: 'Whole period' }).click()
    await expect(page).not.toHaveURL(/zoom=/)
  })
  await test.step('keys move the crosshair and zoom around it', async () => {
    await open(page, `/history?series=${one.id}.power&period=yesterday`)
    await expect(page.locator('.is-alive')).toBeVisible()
    await plot(page).focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await expect(page.locator('#hand-said')).toContainText(`${one.meterName}, Power: `)
    await page.keyboard.press('+')
    await expect(page).toHaveURL(/zoom=/)
    await expect(page.getByText(/zoomed to/)).toBeVisible()
    await expect(plot(page)).toBeFocused()
    await page.keyboard.press('0')
    await expect(page).not.toHaveURL(/zoom=/)
    await page.goBack()
    await expect(page).toHaveURL(/zoom=/)
  })
})
