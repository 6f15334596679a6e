import { Installation } from '../peers/program'
import { accessibility, expect, fitsItsWidth, live, neighbourhood, open, test } from './page'

test.describe('the demo', () => {
  test.beforeAll(async ({ request }) => {
    test.setTimeout(320_000)
    await neighbourhood(request)
  })

  test('the switch leads to all sites, and a site to its overview', async ({ page }) => {
    await open(page, '/')
    const top = page.getByRole('banner')
    await top.locator('summary.site').click()
    await top.getByRole('link', { name: 'All sites' }).click()
    await expect(page).toHaveURL(/\/sites$/)
    await live(page)
    const world = page.getByRole('row').filter({ hasText: 'San Francisco' })
    await expect(world).toContainText('simulated')
    await world.getByRole('link', { name: 'San Francisco', exact: true }).click()
    await expect(page).toHaveURL(/\/\?site=world$/)
  })

  test('the rows show what the overview says, and go by the column that is chosen', async ({ page }) => {
    await open(page, '/sites')
    const plant = page.locator('#site-default')
    await expect(plant.locator('.site-state')).toContainText(/Losing|Balanced|No balance|Negative/)
    const energy = page.getByRole('columnheader', { name: /Today/ })
    await energy.getByRole('link').click()
    await expect(page).toHaveURL(/sort=energy/)
    await expect(energy).toHaveAttribute('aria-sort', 'descending')
    await energy.getByRole('link').press('Enter')
    await expect(page).toHaveURL(/order=turned/)
    await expect(energy).toHaveAttribute('aria-sort', 'ascending')
  })

  test('two sites stand side by side over the period', async ({ page }) => {
    await open(page, '/sites?period=week')
    await page.getByRole('link', { name: /^Compare San Francisco$/ }).click()
    await expect(page.getByText('Choose another to set beside it')).toBeVisible()
    await page.locator('#site-default').getByRole('link', { name: /^Compare / }).click()
    const table = page.getByRole('table').last()
    await expect(table.locator('tbody').getByRole('row')).toHaveCount(2)
    await expect(page.locator('.site-compared')).toContainText(/can be set side by side|are not compared/)
    await page.reload()
    await expect(table.locator('tbody').getByRole('row')).toHaveCount(2)
    await page.getByRole('link', { name: 'Compare none' }).click()
    await expect(page.locator('.site-compared')).toBeHidden()
  })

  test('what is no site is said', async ({ page }) => {
    await open(page, '/sites?with=atlantis')
    await expect(page.getByText('is no site or building any more')).toBeVisible()
  })
})

test.describe('a campus', () => {
  let empty: Installation
  test.beforeAll(async () => {
    test.setTimeout(120_000)
    empty = await Installation.start('sites')
  })
  test.afterAll(() => empty.stop())

  test('a site is added, and its buildings stand below it', async ({ page, request }) => {
    await open(page, `${empty.url}/sites`)
    await page.getByRole('link', { name: 'Add a site' }).click()
    await page.getByLabel('Name', { exact: true }).fill('North Campus')
    await page.getByLabel('Time zone').fill('Mars/Olympus')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('alert').getByText('no time zone')).toBeVisible()
    await page.getByLabel('Time zone').fill('Europe/Berlin')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: /North Campus is added/ }).click()
    await expect(page).toHaveURL(/\/start\?site=north-campus/)

    const meters = `${empty.url}/api/energy-meters?site=north-campus`
    const communication = { topicPower: 'campus/power' }
    const add = async (name: string, meterType: string, parentMeterNumber?: string) => {
      const data = { name, location: name.toLowerCase(), meterType, protocol: 'mqtt', communication, parentMeterNumber }
      const answer = await request.post(meters, { data })
      expect(answer.status(), await answer.text()).toBe(201)
      return ((await answer.json()) as { data: { meterNumber: string } }).data.meterNumber
    }
    const main = await add('Main Grid Connection', 'grid')
    await add('Building A', 'building', main)
    await add('Building B', 'building', main)

    // What the program knows follows what was stored within a moment.
    await expect(async () => {
      await open(page, `${empty.url}/sites`)
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
