import { accessibility, expect, fitsItsWidth, open, ownTest as test } from './page'

test('a site is added, and its buildings stand below it', async ({ page, request }) => {
  await test.step('it is added, after a zone that is none', async () => {
    await open(page, '/sites')
    await page.getByRole('link', { name: 'Add a site' }).click()
    await page.getByLabel('Name', { exact: true }).fill('North Campus')
    await page.getByLabel('Time zone').fill('Mars/Olympus')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('no time zone')).toBeVisible()
    await page.getByLabel('Time zone').fill('Europe/Berlin')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: /North Campus is added/ }).click()
    await expect(page).toHaveURL(/\/start\?site=north-campus/)
  })
  const communication = { topicPower: 'campus/power' }
  const add = async (name: string, meterType: string, parentMeterNumber?: string) => {
    const data = { name, location: name.toLowerCase(), meterType, protocol: 'mqtt', communication, parentMeterNumber }
    const answer = await request.post('/api/energy-meters?site=north-campus', { data })
    expect(answer.status(), await answer.text()).toBe(201)
    return ((await answer.json()) as { data: { meterNumber: string } }).data.meterNumber
  }
  const main = await add('Main Grid Connection', 'grid')
  await add('Building A', 'building', main)
  await add('Building B', 'building', main)

  await test.step('its buildings stand below it', async () => {
    // What the program knows follows what was stored within a moment.
    await expect(async () => {
      await open(page, '/sites')
      await expect(page.locator('#site-north-campus')).toContainText('3 meters, 2 buildings', { timeout: 1_000 })
    }).toPass()
    const building = page.getByRole('row').filter({ hasText: 'Building A' })
    await expect(building).toContainText('never')
    expect(await accessibility(page)).toEqual([])
    for (const width of [768, 390]) {
      await page.setViewportSize({ width, height: 844 })
      await fitsItsWidth(page)
    }
    await building.getByRole('link', { name: 'Building A', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Building A' })).toBeVisible()
  })
})
