import { expect, open, ownTest as test, rows } from './page'

// What somebody may call a meter who would rather run something in the browser of whoever looks at it.
const HOSTILE = `=1+1"'></textarea></title></td><img src=x onerror="window.hostile=1"><script>window.hostile=1</script>`
const site = 'hostile'

// What the server draws is checked without a browser; here is what a browser draws itself.
test('hostile words are words wherever the browser draws them', async ({ page, request }) => {
  const harmless = async () => {
    expect(await page.locator('img[src="x"], img[onerror], script:text("hostile=1")').count()).toBe(0)
    expect(await page.evaluate(() => 'hostile' in window)).toBe(false)
  }
  const send = async (path: string, data: unknown) => {
    const answer = await request.post(path, { data })
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
  }
  await send('/api/sites', { slug: site, name: HOSTILE })
  for (const [meterNumber, parentMeterNumber] of [['H-1', undefined], ['H-2', 'H-1']]) {
    const meter = { meterNumber, parentMeterNumber, meterName: HOSTILE, meterType: 'Machine', area: HOSTILE }
    await send(`/api/Energy/meters?site=${site}`, meter)
    const reading = { timestamp: new Date().toISOString(), activePowerKw: 12, totalEnergyKwh: 1_000 }
    await send(`/api/Energy/meters/number:${meterNumber}/readings?site=${site}`, [reading])
  }
  await expect.poll(async () => (await request.get(`/meters?site=${site}`)).status()).toBe(200)
  const places = [
    ['/', page.getByRole('banner')],
    ['/meters', rows(page).first()],
    ['/alarms', page.getByRole('banner')],
  ] as const
  for (const [path, shows] of places) {
    await test.step(path, async () => {
      await open(page, `${path}?site=${site}`)
      await expect(shows).toContainText('</textarea>')
      await harmless()
    })
  }
  await test.step('the search and the meter that it finds', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('img')
    await expect(page.getByRole('option').first()).toContainText('</textarea>')
    await harmless()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toContainText('</textarea>')
    await harmless()
  })
})
