import { Installation } from '../peers/program'
import { accessibility, expect, fitsItsWidth, live, test } from './page'

const PASSWORD = 'turbine lamp 4 river'
const WORLD = 'site=world'

test.use({ ignoreHTTPSErrors: true })

let plant: Installation
test.beforeAll(async () => {
  plant = await Installation.startForOthers('groups', 'asha', PASSWORD)
})
test.afterAll(async () => plant.stop())

test('a manager, a clerk and a household are at work, each with what is theirs', async ({ page, browser }) => {
  await page.goto(plant.url)
  await page.getByLabel('User name').fill('asha')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByLabel('Password').press('Enter')
  await live(page)
  await expect(page).toHaveURL(`${plant.url}/`)
  const post = async (path: string, data: unknown) => {
    const answer = await page.request.post(`${plant.url}${path}`, { data, headers: { Origin: plant.url } })
    expect(answer.status(), await answer.text()).toBeLessThan(300)
    return (await answer.json()).data
  }
  const quarter = 900_000
  const now = Math.floor(Date.now() / quarter) * quarter
  for (const number of ['HH-1', 'HH-2']) {
    await post(`/api/Energy/meters?${WORLD}`, { meterNumber: number, meterName: `House ${number}`, meterType: 'Household' })
    const readings = Array.from({ length: 97 }, (_, n) => ({
      timestamp: new Date(now - (96 - n) * quarter).toISOString(),
      energyImportKwh: 100 + n / 4,
      energyExportKwh: 10 + n / 8,
    }))
    await post(`/api/Energy/meters/${number}/readings?${WORLD}`, readings)
  }
  const invite = async (body: object): Promise<string> => {
    const { invitation } = await post('/api/users', body)
    return new URL(invitation, plant.url).href
  }
  const clerk = await invite({ name: 'carla', displayName: 'Carla Sol', roles: [{ role: 'utility', site: 'world' }] })
  const household = await invite({
    name: 'lena',
    displayName: 'Lena Field',
    roles: [{ role: 'prosumer', site: 'world' }],
    meters: [{ meterNumber: 'HH-1', site: 'world' }],
  })

  const joined = async (link: string) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true })
    const own = await context.newPage()
    await own.goto(link)
    await own.getByLabel('New password').fill(PASSWORD)
    await own.getByLabel('New password').press('Enter')
    await expect(own.locator('a.place').first()).toBeAttached()
    return own
  }
  const goals = async (own: typeof page) => {
    const places = own.locator('a.place .place-name')
    return (await places.allTextContents()).map((name) => name.trim())
  }
  const inEachWidth = async (own: typeof page, look: () => Promise<void>) => {
    for (const width of [1440, 390]) {
      await own.setViewportSize({ width, height: 844 })
      await look()
    }
  }

  const carla = await joined(clerk)
  await expect(carla).toHaveURL(/\/grid/)
  expect(await goals(carla)).toEqual(['Grid', 'Connections', 'Simulator', 'Bills', 'Trades', 'My energy'])
  await carla.goto(`${plant.url}/bills`)
  await expect(carla.getByRole('link', { name: 'HH-2' })).toBeVisible()
  await inEachWidth(carla, () => fitsItsWidth(carla))
  await carla.context().close()

  const lena = await joined(household)
  await expect(lena).toHaveURL(/\/energy\?site=world&meter=/)
  expect(await goals(lena)).toEqual(['Bills', 'Trades', 'My energy'])
  await expect(lena.getByText('House HH-1').first()).toBeVisible()
  await expect(lena.getByRole('combobox', { name: 'Meter' })).toHaveCount(0)
  await inEachWidth(lena, async () => {
    expect(await accessibility(lena)).toEqual([])
    await fitsItsWidth(lena)
  })
  await lena.getByRole('link', { name: 'Open the bill' }).click()
  await expect(lena.getByRole('heading', { level: 1 })).toBeVisible()
  for (const path of ['/energy', '/bills', '/trades']) {
    expect((await lena.goto(`${plant.url}${path}`))?.status()).toBe(200)
    await expect(lena.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(lena.getByText('HH-2')).toHaveCount(0)
    await expect(lena.locator('[data-act]')).toHaveCount(0)
    await inEachWidth(lena, () => fitsItsWidth(lena, path))
  }
  expect((await lena.goto(`${plant.url}/losses?${WORLD}`))?.status()).toBe(403)
  await lena.context().close()
})
