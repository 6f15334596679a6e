import type { Locator, Page } from '@playwright/test'
import { expect, number, open, rows, test } from './page'

function pane(page: Page): Locator {
  return page.getByRole('region', { name: 'Figure of the meters' })
}

/** The rows of the table behind the figure, cell by cell. */
async function behind(page: Page): Promise<string[][]> {
  await pane(page).getByText('As a table').click()
  const lines = await pane(page).locator('details tbody tr').all()
  return Promise.all(lines.map((line) => line.locator('th, td').allInnerTexts()))
}

test('the flow shows the figures of the tree, follows the pointer, folds and selects', async ({ page }) => {
  await open(page, '/meters?period=yesterday')
  await test.step('what flows in flows out or is lost', async () => {
    const lines = await behind(page)
    const input = lines.find(([from, to]) => from === 'Input' && to === 'Main Grid')!
    await expect(rows(page).filter({ hasText: 'Main Grid' }).first()).toContainText(input[2]!)
    const sum = (side: number) =>
      lines
        .filter((line) => line[side] === 'Power Station Main' && line[2] !== '\u2013')
        .map((line) => number(line[2]!))
        .reduce((a, b) => a + b, 0)
    // Each term is rounded to a tenth.
    expect(Math.abs(sum(1) - sum(0))).toBeLessThanOrEqual(0.05 * (lines.length + 1))
    expect(sum(1)).toBeGreaterThan(100)
    await pane(page).getByText('As a table').click()
  })
  await test.step('whatever the pointer is over stays lit, and the rest dims', async () => {
    const flow = (name: string) => pane(page).locator('g.branch').filter({ hasText: name }).last().locator('> .flow')
    await pane(page).getByRole('link', { name: 'Production Unit A', exact: true }).hover()
    await expect(flow('Production Unit A')).toHaveCSS('opacity', '1')
    await expect(flow('Solar')).toHaveCSS('opacity', '0.22')
    await pane(page).getByRole('heading').hover()
    await expect(flow('Solar')).toHaveCSS('opacity', '1')
  })
  await test.step('a folded branch is unfolded by a link, and folded again', async () => {
    await pane(page).getByRole('link', { name: /meters below Production Unit C/ }).click()
    await expect(page).toHaveURL(/open=\d+/)
    await expect(pane(page).getByRole('link', { name: 'Furnace 01' })).toBeVisible()
    await pane(page).getByRole('link', { name: 'Fold what hangs below Production Unit C' }).click()
    await expect(page).not.toHaveURL(/open=/)
  })
  await test.step('a click on a meter selects it, and the detail follows', async () => {
    await pane(page).getByRole('link', { name: 'Production Unit C', exact: true }).click()
    await expect(page).toHaveURL(/meter=\d+/)
    const detail = page.getByRole('complementary', { name: 'Selected meter' })
    await expect(detail.getByRole('heading', { name: 'Production Unit C' })).toBeVisible()
    await page.reload()
    await expect(pane(page).locator('.sankey-name[aria-current]')).toHaveText('Production Unit C')
  })
  await test.step('live power is drawn anew in place, and an open table stays open', async () => {
    await open(page, '/meters')
    await pane(page).getByRole('link', { name: 'Power now' }).click()
    const heading = pane(page).getByRole('heading', { name: /^Power flow now/ })
    await expect(heading).toContainText('kW')
    await pane(page).getByText('As a table').click()
    // The heading has one figure, which may round to what it was; the table has that of each meter.
    const table = pane(page).locator('details')
    await expect(table.getByRole('row').first()).toBeVisible()
    const first = await table.innerText()
    await expect(table).not.toHaveText(first, { useInnerText: true, timeout: 30_000 })
    await expect(table).toHaveAttribute('open', '')
  })
})
