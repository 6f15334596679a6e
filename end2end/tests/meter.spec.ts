import { expect, live, open, ownTest, rows, test } from './page'

test('a meter shows its values, its day and what hangs below it, and goes on living', async ({ page }) => {
  await open(page, '/meters')
  await rows(page).first().focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/meters\/\d+$/)
  await test.step('values with quality and age, the last 24 hours, the cost of today', async () => {
    const power = page.getByRole('table').filter({ hasText: 'Channel' }).getByRole('row').filter({ hasText: /^Active power/ })
    await expect(power).toContainText('good')
    await expect(power).toContainText(/\d s$/)
    await expect(page.getByRole('img', { name: /^Active power of/ })).toBeVisible()
    await expect(page.getByText(/% of 24 h covered/)).toBeVisible()
    const cost = page.locator('.headline li').filter({ hasText: 'cost today' })
    await expect(cost).toHaveText(/^₹[\d,]+(\.\d\d)?cost today$/)
  })
  await test.step('it changes without a reload', async () => {
    const power = page.locator('.headline .figure').first()
    const before = await power.innerText()
    // It is read every five seconds, and rounded.
    await expect(power).not.toHaveText(before, { useInnerText: true, timeout: 30_000 })
  })
  await test.step('the crosshair says what stands under it, and stays while the chart is drawn anew', async () => {
    const plot = page.getByRole('img', { name: /^Active power of/ })
    const said = page.locator('.plot-probe')
    const drawn = page.waitForResponse((response) => response.url().endsWith('again'))
    await plot.focus()
    await page.keyboard.press('ArrowLeft')
    await expect(said).toHaveText(/^\d\d:\d\d [\d.,]+ kW, [\d.,]+ to [\d.,]+ kW$/)
    await expect(page.locator('#hand-said')).toHaveText(/kW/)
    await (await drawn).finished()
    await expect(said).toHaveText(/kW/)
  })
  await test.step('it leads to its history', async () => {
    const id = new URL(page.url()).pathname.split('/').at(-1)
    await page.getByRole('link', { name: 'Open in History' }).click()
    await expect(page).toHaveURL(new RegExp(`series=${id}\\.power_${id}\\.energy`))
    await expect(page.getByRole('group', { name: 'Series' }).locator('tbody').getByRole('row')).toHaveCount(2)
    await page.goBack()
  })
  await test.step('it leads to what hangs below it', async () => {
    await page.getByRole('link', { name: 'Children' }).click()
    await expect(page).toHaveURL(/\/children$/)
    const child = page.getByRole('table').filter({ hasText: 'Loss' }).getByRole('link').first()
    const name = await child.innerText()
    await child.click()
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    await live(page)
  })
})

ownTest('a meter that is taken away has no page any more, which an open one says', async ({ page, request, complaints }) => {
  const meter = { meterNumber: 'SPARE-1', meterName: 'Spare meter', meterType: 'Machine' }
  const added = await request.post('/api/Energy/meters', { data: meter })
  const { id } = ((await added.json()) as { data: { id: number } }).data
  await expect.poll(async () => (await request.get(`/meters/${id}`)).status()).toBe(200)
  await open(page, `/meters/${id}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Spare meter' })).toBeVisible()
  await request.delete(`/api/Energy/meters/${id}`)
  await expect(page.getByRole('heading', { level: 1, name: 'There is no such page' })).toBeVisible({ timeout: 10_000 })
  // The browser tells of what is not found whatever the page does with it.
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes('404')))
})

ownTest('a meter is deleted two clicks from its page, by its name', async ({ page, request }) => {
  const meter = { meterNumber: 'SPARE-2', meterName: 'Second spare', meterType: 'Machine' }
  const added = await request.post('/api/Energy/meters', { data: meter })
  const { id } = ((await added.json()) as { data: { id: number } }).data
  await expect.poll(async () => (await request.get(`/meters/${id}`)).status()).toBe(200)
  await open(page, `/meters/${id}`)
  await page.getByRole('link', { name: 'Delete this meter …' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Delete Second spare' })).toBeVisible()
  const name = page.getByLabel('Type its name to confirm: Second spare')
  const button = page.getByRole('button', { name: 'Delete it for good' })
  await test.step('another name deletes nothing, and stays to be mended', async () => {
    await name.fill('First spare')
    await button.click()
    await expect(page.getByRole('main')).toContainText('type Second spare to delete the meter')
    await expect(name).toHaveValue('First spare')
  })
  await test.step('its name does', async () => {
    await name.fill('Second spare')
    await button.click()
    await expect(page).toHaveURL(/\/meters$/)
    await expect(page.getByText('Second spare is deleted.')).toBeVisible()
    expect((await request.get(`/meters/${id}`)).status()).toBe(404)
  })
})
