import { expect, open, test } from './page'

test('the overview fits a screen, lives without a reload, and leads to its nodes', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await open(page, '/')
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  await test.step('state in words, five gauges, the balance, on one screen', async () => {
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/kW|No balance/)
    await expect(page.getByRole('region', { name: 'Today' }).getByRole('listitem')).toHaveCount(5)
    await expect(page.getByRole('heading', { name: 'In = out' })).toBeVisible()
    await expect(page.getByRole('img', { name: /^Site input today/ })).toBeVisible()
    const { content, window } = await page.evaluate(() => ({
      content: document.documentElement.scrollHeight,
      window: document.documentElement.clientHeight,
    }))
    expect(content).toBeLessThanOrEqual(window)
  })
  await test.step('a value changes without a reload', async () => {
    const figures = page.locator('.gauges, .balance, .hotspots')
    const read = async () => (await figures.allInnerTexts()).join()
    const before = await read()
    // The balance moves on by five seconds at a time, once all of its meters have been read again,
    // which takes up to five more; a figure may then round to what it was.
    await expect.poll(read, { timeout: 20_000 }).not.toBe(before)
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
  })
  await test.step('hotspots name nodes and lead to them', async () => {
    const table = page.getByRole('table').filter({ hasText: 'All nodes' })
    const first = table.locator('tbody').getByRole('link').first()
    const name = await first.innerText()
    await first.click()
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    await expect(page).toHaveTitle(`${name} · Wattlens`)
    await page.goBack()
    await expect(table).toBeVisible()
  })
})
