import type { Page } from '@playwright/test'

import { accessibility, expect, fitsItsWidth, live, open, test } from './page'

/** A place in the Mission of the demo, whose surroundings have transformers with and without room. */
const AT = 'lat=37.7586&lon=-122.4148'
const headline = (page: Page) => page.getByRole('heading', { level: 1 })
const candidates = (page: Page) => page.getByRole('table').filter({ hasText: 'Transformer' }).locator('tbody').getByRole('row')

/** Opens the page and waits until the map shows something. */
async function openMap(page: Page, path: string): Promise<void> {
  await open(page, path)
  await expect(page.locator('.map-mark').first()).toBeVisible()
}

/** Where the mark is that is nearest to the middle of the map. */
async function nearest(page: Page, marks: string): Promise<{ x: number; y: number }> {
  const middle = ({ x, y, width, height }: DOMRect) => ({ x: x + width / 2, y: y + height / 2 })
  const boxes = await page.locator(marks).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()))
  const map = middle(await page.locator('.map').evaluate((one) => one.getBoundingClientRect().toJSON()))
  const away = ({ x, y }: { x: number; y: number }) => Math.hypot(x - map.x, y - map.y)
  return boxes.map(middle).sort((a, b) => away(a) - away(b))[0]!
}

test('a clerk finds the address, checks, connects, sees it on the map, and withdraws', async ({ page }) => {
  await openMap(page, '/grid')
  await page.getByLabel('Location').fill('37.7586, -122.4148')
  await page.getByLabel('Consumption').fill('24')
  await page.getByLabel('Production').fill('6')
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await expect(headline(page)).toHaveText(/^Feasible at TX-\d+, [\d.]+ k?m away$/)
  await expect(page.locator('.map-rank.is-chosen')).toBeVisible()
  await expect(page.locator('.map-chosen')).toHaveCount(1)

  const name = (await headline(page).innerText()).match(/TX-\d+/)![0]
  const chosen = candidates(page).filter({ hasText: name })
  const [before] = (await chosen.locator('.limit-text').first().innerText()).split(' / ')
  await page.getByRole('button', { name: `Connect at ${name}` }).click()
  const done = page.locator('.done').filter({ hasText: `Connected at ${name}` })
  await expect(done).toBeVisible()
  await expect(page.locator('.grid-last')).toContainText('24.0 kW, 6.0 kW PV')
  await expect(page.locator('.premises')).not.toHaveCount(0)
  const connections = await page.locator('.premises').count()

  await done.getByRole('button', { name: 'Withdraw' }).click()
  await expect(page.getByText('its capacity is free again')).toBeVisible()
  await expect(chosen.locator('.limit-text').first()).toContainText(before!)
  await expect(page.locator('.premises')).toHaveCount(connections - 1)
})

test('a click on the map checks the place', async ({ page }) => {
  await openMap(page, `/grid?${AT}&consumption=12`)
  const box = (await page.locator('.map').boundingBox())!
  await page.mouse.click(box.x + box.width / 2 + 60, box.y + box.height / 2 + 90)
  await expect(page).not.toHaveURL(/lat=37\.7586&/)
  await expect(page).toHaveURL(/lat=37\.7\d+&lon=-122\.4\d+&consumption=12/)
  await expect(headline(page)).toHaveText(/^Feasible at/)
  await page.goBack()
  await expect(page.getByLabel('Location')).toHaveValue('37.7586, -122.4148')
})

test('a click on a cluster goes nearer, on a transformer says what it is', async ({ page }) => {
  await openMap(page, '/grid')
  await page.locator('.map-mark .cluster').first().click({ force: true })
  await openMap(page, `/grid?${AT}&consumption=12`)
  await expect(page.locator('.map-rank').first()).toBeVisible()
  const popup = page.locator('.map-popup')
  // The map may still be on its way to the place.
  await expect(async () => {
    const mark = await nearest(page, '.map-mark .spare')
    await page.mouse.click(mark.x, mark.y)
    await expect(popup).toContainText(/TX-\d+\s*\d+ kVA\s*Spare/, { timeout: 1000 })
  }).toPass()
  await popup.getByRole('button', { name: 'Check here' }).click()
  await expect(headline(page)).toHaveText(/, 0 m away$|^Feasible at|^Not feasible/)
})

test('all of it works by keyboard', async ({ page }) => {
  await openMap(page, `/grid?${AT}`)
  const location = page.getByLabel('Location')
  const before = await location.inputValue()
  await page.locator('.map').focus()
  await page.keyboard.press('ArrowRight')
  // The map glides, and what is taken is its middle at that moment.
  await expect(async () => {
    await page.keyboard.press('Enter')
    await expect(page).not.toHaveURL(/lon=-122\.4148/, { timeout: 1000 })
  }).toPass()
  await expect(location).not.toHaveValue(before)
  await location.focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('Mission')
  await page.keyboard.press('Tab')
  await page.keyboard.type('10')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/place=Mission/)
  await expect(page.locator('.state-detail')).toContainText('At Mission (neighbourhood, its middle)')
  const second = candidates(page).nth(1).getByRole('link')
  const name = await second.innerText()
  await second.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 2, name: new RegExp(`^${name}`) })).toBeVisible()
  await page.getByText('Show the rule').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('80 % of the capacity')).toBeVisible()
})

test('what was written wrongly is said, what has several meanings is offered', async ({ page }) => {
  await openMap(page, '/grid?place=91,0')
  await expect(headline(page)).toHaveText('This cannot be checked')
  await expect(page.locator('.state-detail')).toContainText('between -90 and 90')
  await openMap(page, `/grid?${AT}&consumption=-5`)
  await expect(page.locator('.state-detail')).toContainText('not negative')
  await openMap(page, '/grid?place=nowhere')
  await expect(headline(page)).toHaveText('No such place is known')
  await openMap(page, '/grid?place=sunset')
  await expect(headline(page)).toHaveText('Which place is meant?')
  await page.getByRole('link', { name: 'Inner Sunset' }).click()
  await expect(headline(page)).toHaveText(/^Feasible at/)
})

test('too much is not feasible, and nearer ones say why they were passed over', async ({ page }) => {
  await openMap(page, `/grid?${AT}&consumption=100000`)
  await expect(headline(page)).toHaveText('Not feasible here')
  await expect(page.locator('.state-detail')).toContainText('would be overloaded for consumption')
  await expect(page.getByRole('button', { name: /^Connect/ })).toHaveCount(0)
})

test('the card needs no script, and nothing is asked of anyone else', async ({ page, browser, baseURL }) => {
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(baseURL!) && !request.url().startsWith('data:')) foreign.push(request.url())
  })
  await openMap(page, `/grid?${AT}`)
  await expect(page.getByText('DataSF')).toBeVisible()
  expect(foreign).toEqual([])

  const plain = await (await browser.newContext({ baseURL, javaScriptEnabled: false })).newPage()
  await plain.goto('/grid')
  await plain.getByLabel('Location').fill('37.7586 -122.4148')
  await plain.getByRole('button', { name: 'Check', exact: true }).click()
  await expect(headline(plain)).toHaveText(/^Feasible at/)
  await plain.close()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })
    test('the map with a card has no accessibility fault', async ({ page }) => {
      await openMap(page, `/grid?${AT}&consumption=24&production=12`)
      expect(await accessibility(page)).toEqual([])
    })
  })
}

for (const [name, width, height] of [['phone', 390, 844], ['tablet', 768, 1024], ['laptop', 1024, 768]] as const) {
  test.describe(name, () => {
    test.use({ viewport: { width, height } })
    test(`the map and the card fit a ${name}`, async ({ page }) => {
      await openMap(page, `/grid?${AT}&consumption=24&production=12`)
      await fitsItsWidth(page)
    })
  })
}

test('the map goes with the page and comes back', async ({ page }) => {
  await openMap(page, `/grid?${AT}`)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Connections' }).click()
  await expect(page.locator('.map')).toHaveCount(0)
  await page.goBack()
  await expect(page.locator('.map-mark').first()).toBeVisible()
  await live(page)
})

test('what part of the map is seen stands in the address', async ({ page }) => {
  await open(page, '/grid#map=14/37.76/-122.42')
  const map = page.getByRole('application')
  await expect(map).toHaveClass(/leaflet-container/)
  await map.focus()
  await page.keyboard.press('ArrowRight')
  await expect(page).toHaveURL(/\/grid#map=14\/37\.7\d+\/-122\.4[01]\d+$/)
  const address = page.url()
  await page.reload()
  await expect(map).toHaveClass(/leaflet-container/)
  await page.keyboard.press('g')
  await page.keyboard.press('k')
  await expect(page).toHaveURL(/\/connections/)
  await page.goBack()
  await expect(page).toHaveURL(address)
})
