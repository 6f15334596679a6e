import { expect, goTo, live, open, tabTo, test } from './page'

test('another site is chosen with the pointer or by keyboard, every link stays on it, its balance adds up, and all are listed', async ({ page, request }) => {
  const top = page.getByRole('banner')
  const site = top.locator('summary.site')
  const world = top.getByRole('link', { name: 'San Francisco' })
  await open(page, '/?period=week')
  const before = await site.innerText()
  await test.step('by keyboard', async () => {
    await tabTo(page, site)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await expect(world).toBeHidden()
    await expect(site).toBeFocused()
    await page.keyboard.press('Enter')
    await tabTo(page, world)
    await page.keyboard.press('Enter')
    await expect(site).toContainText('San Francisco')
    await expect(page).toHaveURL(/site=world/)
    await live(page)
  })
  await test.step('every link stays on it', async () => {
    for (const place of ['Meters', 'Losses', 'Carbon', 'Overview']) {
      await goTo(page, place)
      await expect(page).toHaveURL(/[?&]site=world/)
      await expect(site).toContainText('San Francisco')
    }
  })
  await test.step('back with the pointer', async () => {
    await site.click()
    await top.getByRole('link', { name: before.split('\n')[0] }).click()
    await expect(site).toHaveText(before.replace('\n', ''))
    await expect(page).not.toHaveURL(/site=/)
  })
  await test.step('the page of a meter shows its own site', async () => {
    const answer = await request.get('/api/Energy/meters/number:HH-0147?site=world')
    const { data } = (await answer.json()) as { data: { id: number; meterName: string } }
    await open(page, `/meters/${data.id}`)
    await expect(page.getByRole('heading', { level: 1, name: data.meterName })).toBeVisible()
    await expect(site).toContainText('San Francisco')
  })
  await test.step('what goes in is what comes out, where loads return energy too', async () => {
    await open(page, '/?site=world')
    const balance = page.locator('.balance')
    const sums = async () => {
      const bars = await balance.locator('.bar').all()
      const parts = await Promise.all(bars.map((bar) => bar.locator('title').allTextContents()))
      const kw = (label: string) => Number(/([\d,]+\.\d)$/.exec(label)?.[1]?.replaceAll(',', '') ?? 'NaN')
      const ends = (await balance.locator('.balance-side span').allTextContents()).map(
        (text) => Number(text.replace(' kW', '').replaceAll(',', '')),
      )
      return { parts: parts.map((labels) => labels.reduce((sum, label) => sum + kw(label), 0)), ends }
    }
    // Each figure is rounded to a tenth.
    await expect(async () => {
      const { parts, ends } = await sums()
      expect(Math.abs((parts[0] ?? NaN) - (ends[0] ?? NaN))).toBeLessThan(2)
    }).toPass({ timeout: 20_000 })
    const solar = page.getByRole('region', { name: 'Today' }).getByRole('listitem').filter({ hasText: 'Solar share' })
    await expect(solar).toContainText('not metered')
  })
  await test.step('the switch leads to all sites, and rows say what the overview says', async () => {
    await open(page, '/')
    const top = page.getByRole('banner')
    await top.locator('summary.site').click()
    await top.getByRole('link', { name: 'All sites' }).click()
    await expect(page).toHaveURL(/\/sites$/)
    await live(page)
    await expect(page.getByRole('row').filter({ hasText: 'San Francisco' })).toContainText('simulated')
    await expect(page.locator('#site-default .site-state')).toContainText(/Losing|Balanced|No balance|Negative/)
  })
  await test.step('a site leads to its overview', async () => {
    await page.getByRole('row').getByRole('link', { name: 'San Francisco', exact: true }).click()
    await expect(page).toHaveURL(/\/\?.*site=world/)
  })
})
