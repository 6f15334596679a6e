import type { Locator, Page } from '@playwright/test'
import { accessibility, expect, fitsItsWidth, open, rows, test } from './page'

const number = (text: string) => Number(text.replace('\u2212', '-').replace(/,/g, ''))

function pane(page: Page): Locator {
  return page.getByRole('region', { name: 'Figure of the meters' })
}

/** The rows of the table behind the figure, cell by cell. */
async function behind(page: Page): Promise<string[][]> {
  await pane(page).getByText('As a table').click()
  const lines = await pane(page).locator('details tbody tr').all()
  return Promise.all(lines.map((line) => line.locator('th, td').allInnerTexts()))
}

test('the flow shows the figures of the tree, and what flows in flows out or is lost', async ({
  page,
}) => {
  await open(page, '/meters?period=yesterday')
  const lines = await behind(page)
  const input = lines.find(([from, to]) => from === 'Input' && to === 'Main Grid')!
  await expect(rows(page).filter({ hasText: 'Main Grid' }).first()).toContainText(input[2]!)

  const station = 'Power Station Main'
  const sum = (side: number) =>
    lines
      .filter((line) => line[side] === station && line[2] !== '\u2013')
      .map((line) => number(line[2]!))
      .reduce((a, b) => a + b, 0)
  // Each term is rounded to a tenth.
  expect(Math.abs(sum(1) - sum(0))).toBeLessThanOrEqual(0.05 * (lines.length + 1))
  expect(sum(1)).toBeGreaterThan(100)
})

test('whatever the pointer is over stays lit, and the rest dims', async ({ page }) => {
  await open(page, '/meters?period=yesterday')
  const branch = (name: string) => pane(page).locator('g.branch').filter({ hasText: name }).last()
  const flow = (name: string) => branch(name).locator('> .flow')
  await pane(page).getByRole('link', { name: 'Production Unit A', exact: true }).hover()
  await expect(flow('Production Unit A')).toHaveCSS('opacity', '1')
  await expect(flow('Solar')).toHaveCSS('opacity', '0.22')
  await pane(page).getByRole('heading').hover()
  await expect(flow('Solar')).toHaveCSS('opacity', '1')
})

test('a click on a meter of the flow selects it, and the detail follows', async ({ page }) => {
  await open(page, '/meters')
  await pane(page).getByRole('link', { name: 'Production Unit C', exact: true }).click()
  await expect(page).toHaveURL(/meter=\d+/)
  const detail = page.getByRole('complementary', { name: 'Selected meter' })
  await expect(detail.getByRole('heading', { name: 'Production Unit C' })).toBeVisible()
  await page.reload()
  await expect(pane(page).locator('.sankey-name[aria-current]')).toHaveText('Production Unit C')
})

test('a folded branch is unfolded by a link, and folded again', async ({ page }) => {
  await open(page, '/meters?period=yesterday')
  await pane(page).getByRole('link', { name: /meters below Production Unit C/ }).click()
  await expect(page).toHaveURL(/open=\d+/)
  await expect(pane(page).getByRole('link', { name: 'Furnace 01' })).toBeVisible()
  await pane(page).getByRole('link', { name: 'Fold what hangs below Production Unit C' }).click()
  await expect(page).not.toHaveURL(/open=/)
})

test('live power is drawn anew in place, and an open table stays open', async ({ page }) => {
  await open(page, '/meters')
  await pane(page).getByRole('link', { name: 'Power now' }).click()
  const heading = pane(page).getByRole('heading', { name: /^Power flow now/ })
  await expect(heading).toContainText('kW')
  await pane(page).getByText('As a table').click()
  const first = await heading.innerText()
  await expect(heading).not.toHaveText(first, { timeout: 30_000 })
  await expect(pane(page).locator('details')).toHaveAttribute('open', '')
})

test('the heat map tells when each meter uses how much, and a day leads to its period', async ({
  page,
}) => {
  await open(page, '/meters?view=heatmap&period=yesterday')
  await expect(pane(page).getByRole('heading', { name: /^Mean power by hour/ })).toBeVisible()
  const row = pane(page).getByRole('row').filter({ hasText: 'Main Grid' }).first()
  await expect(row.locator('rect[class] title')).toHaveCount(24)
  await expect(row.locator('title').first()).toHaveText(/^00:00 [\d,.]+ kW/)
  await row.getByRole('link', { name: 'Main Grid' }).click()
  await expect(page).toHaveURL(/meter=\d+/)
  await pane(page).getByRole('link', { name: 'Show all 92' }).click()
  await expect(pane(page).locator('.heat tbody tr')).toHaveCount(92)

  await open(page, '/meters?view=heatmap&by=day&period=week')
  await expect(pane(page).locator('.heat-heads a')).toHaveCount(7)
  await pane(page).locator('.heat-heads a').first().click()
  await expect(page).not.toHaveURL(/period=week/)
  await expect(pane(page).getByRole('heading', { name: /^Mean power by hour/ })).toBeVisible()
})

test('the plan has a marker for each meter with a place', async ({ page }) => {
  await open(page, '/meters?view=map')
  await expect(pane(page).locator('a.plan-mark')).toHaveCount(92)
  const solar = pane(page).getByRole('link', { name: /^Solar, solar, / })
  await expect(solar).toHaveAttribute('href', /meter=\d+/)
  await expect(pane(page).locator('.plan-bar')).toContainText(/\d+ m/)
})

test('nonsense in the address shows the usual figure and says so', async ({ page }) => {
  for (const [query, said] of [
    ['view=pie', 'cannot be shown here'],
    ['open=999999', 'No meter of this site has the id 999999'],
    ['view=heatmap&by=decade', 'cannot be shown here'],
    ['flow=backwards', 'cannot be shown here'],
  ]) {
    await open(page, `/meters?${query}`)
    await expect(pane(page).getByText(said!)).toBeVisible()
    await expect(pane(page).locator('.sankey, .heat').first()).toBeVisible()
  }
})

for (const view of ['sankey', 'heatmap', 'map']) {
  test(`the ${view} can be read by everyone, on a phone too`, async ({ page }) => {
    await open(page, `/meters?view=${view}&period=yesterday`)
    await expect(pane(page).locator('.sankey, .heat, .plan').first()).toBeVisible()
    expect(await accessibility(page)).toEqual([])
    await page.setViewportSize({ width: 390, height: 844 })
    await fitsItsWidth(page)
  })
}
