import { readFile } from 'node:fs/promises'
import type { APIRequestContext, Locator, Page } from '@playwright/test'
import { accessibility, expect, fitsItsWidth, open, test } from './page'

type Meter = { id: number; meterNumber: string; meterName: string; children?: Meter[] }

/** Two meters of the plant. */
async function two(request: APIRequestContext): Promise<[Meter, Meter]> {
  const answer = await request.get('/api/Energy/meters/hierarchy')
  const roots = ((await answer.json()) as { data: Meter[] }).data
  const all = roots.flatMap((root) => [root, ...(root.children ?? [])])
  return [all[0]!, all[1]!]
}

const plot = (page: Page): Locator => page.locator('#history-plot')
const series = (page: Page): Locator =>
  page.getByRole('group', { name: 'Series' }).locator('tbody').getByRole('row')

test('two meters are chosen and shown together, and the address holds them', async ({ page, request }) => {
  const [one, other] = await two(request)
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

test('a stretch is drawn with the pointer, and the address holds it', async ({ page, request }) => {
  const [one, other] = await two(request)
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

test('keys move the crosshair and zoom around it', async ({ page, request }) => {
  const [one] = await two(request)
  await open(page, `/history?series=${one.id}.power&period=yesterday`)
  await expect(page.locator('.is-alive')).toBeVisible()
  await plot(page).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('#history-said')).toContainText(`${one.meterName}, Power: `)
  await page.keyboard.press('+')
  await expect(page).toHaveURL(/zoom=/)
  await expect(plot(page)).toBeFocused()
  await page.keyboard.press('0')
  await expect(page).not.toHaveURL(/zoom=/)
  await page.goBack()
  await expect(page).toHaveURL(/zoom=/)
})

test('the figures come as CSV, the chart as SVG and PNG', async ({ page, request }) => {
  const [one, other] = await two(request)
  await open(page, `/history?series=${one.id}.power_${other.id}.energy&period=yesterday`)
  const saved = async (name: string, button: Locator) => {
    const download = page.waitForEvent('download')
    await button.click()
    const file = await download
    expect(file.suggestedFilename()).toBe(`history.${name}`)
    return readFile(await file.path())
  }
  const csv = (await saved('csv', page.getByRole('link', { name: 'CSV' }))).toString()
  const [names, first] = csv.split('\r\n')
  expect(names).toContain(`${one.meterNumber} power kW mean`)
  expect(names).toContain(`${other.meterNumber} energy kWh`)
  expect(Number(first!.split(',')[2])).toBeGreaterThan(0)
  const svg = (await saved('svg', page.getByRole('link', { name: 'SVG' }))).toString()
  expect(svg).toContain('<svg')
  const png = await saved('png', page.getByRole('button', { name: 'PNG' }))
  expect(png.subarray(1, 4).toString()).toBe('PNG')
})

test('what cannot be shown is told, and the rest is shown', async ({ page, request }) => {
  const [one] = await two(request)
  const wrong = `${one.id}.power_${one.id}.watts_999999.energy_nothing`
  await open(page, `/history?series=${wrong}&zoom=2001-01-01_2001-01-02`)
  await expect(series(page)).toHaveCount(1)
  const told = page.getByRole('list', { name: 'What is not shown' })
  await expect(told).toContainText('is no channel')
  await expect(told).toContainText('There is no meter 999999')
  await expect(told).toContainText('names no series')
  await expect(told).toContainText('the whole period is shown')
  const century = 'period=custom&from=1926-01-01&to=2026-01-01'
  await open(page, `/history?series=${one.id}.power&${century}`)
  await expect(told).toContainText('choose ten years at most')
  await expect(series(page)).toHaveCount(1)
})

test('the page is accessible and fits a phone', async ({ page, request }) => {
  const [one, other] = await two(request)
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page, `/history?series=${one.id}.power_${other.id}.energy&compare=previous`)
  await expect(series(page)).toHaveCount(2)
  await fitsItsWidth(page)
  expect(await accessibility(page)).toEqual([])
})

test('a meter leads to its history', async ({ page, request }) => {
  const [one] = await two(request)
  await open(page, `/meters/${one.id}`)
  await page.getByRole('link', { name: 'Open in History' }).click()
  await expect(page).toHaveURL(new RegExp(`series=${one.id}\\.power_${one.id}\\.energy`))
  await expect(series(page)).toHaveCount(2)
})
