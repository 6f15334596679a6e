import { expect, open, test } from './page'

test('the overview fits a screen, lives without a reload, and leads to its nodes', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await open(page, '/')
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  const askedAgain: number[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('?again')) askedAgain.push(Date.now())
  })
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
  await test.step('it is drawn anew when there is something new, and every five seconds at most', async () => {
    await expect.poll(() => askedAgain.length, { timeout: 20_000 }).toBeGreaterThan(1)
    const pause = askedAgain[1]! - askedAgain[0]!
    expect(pause).toBeGreaterThan(4_500)
    expect(pause).toBeLessThan(12_000)
  })
  await test.step('rows stay where they are while the pointer is on them', async () => {
    const rows = page.locator('.hotspots tbody tr')
    const first = () => rows.first().getAttribute('id')
    const drawAnew = () =>
      page.evaluate(async () => {
        const drawn = new Promise<void>((done) => addEventListener('wattlens:refreshed', () => done(), { once: true }))
        dispatchEvent(new CustomEvent('wattlens:refresh'))
        await drawn
      })
    const heading = await first()
    await rows.nth(1).hover()
    await rows.first().evaluate((row) => row.parentElement!.append(row))
    await drawAnew()
    expect(await first()).not.toBe(heading)
    await page.mouse.move(0, 0)
    await drawAnew()
    expect(await first()).toBe(heading)
  })
  await test.step('hotspots name nodes and lead to them', async () => {
    const table = page.getByRole('table').filter({ hasText: 'All nodes' })
    const first = table.locator('tbody').getByRole('link').first()
    const name = await first.innerText()
    await first.click()
    await expect(page).toHaveURL(/\/losses\?node=\d+/)
    await expect(page.getByRole('heading', { level: 2, name: new RegExp(`^${name}`) })).toBeVisible()
    await expect(page.locator('.cause-finding')).toBeVisible()
    await page.goBack()
    await expect(table).toBeVisible()
  })
})
