import type { Page } from '@playwright/test'

import { expect, go, goTo, live, open, test } from './page'

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

/** What is asked of the grid over the API. */
const asked = {
  type: 'prosumer',
  requested_consumption_kW: 7.25,
  requested_production_kW: 3.5,
  latitude: 37.7499,
  longitude: -122.4301,
}

test('a clerk finds the address, checks, connects, withdraws, and looks through the connections', async ({ page, request }) => {
  await test.step('it is connected where it is found, seen on the map, and withdrawn', async () => {
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
  await test.step('a connection is listed, withdrawn with what it frees, filtered and found on the map', async () => {
    const made = await (await request.post('/connection', { data: asked })).json()
    expect(made.status).toBe('approved')
    await open(page, '/connections')
    const row = page.locator(`#connection-${made.id}`)
    await expect(row).toContainText('Connected')
    await expect(row).toContainText('7.25')
    await expect(row).toContainText(made.assigned_transformer)

    await row.getByText('Withdraw', { exact: true }).click()
    await expect(row).toContainText('This frees 7.25 kW of consumption and 3.5 kW of production')
    await row.getByRole('button', { name: 'Withdraw now' }).click()
    await expect(row).toContainText('Withdrawn')
    await expect(page.locator('.done').filter({ hasText: 'free again' })).toBeVisible()

    await page.getByRole('navigation', { name: 'States' }).getByRole('link', { name: /^Withdrawn/ }).click()
    await expect(page).toHaveURL(/status=withdrawn/)
    await expect(row).toBeVisible()
    await row.getByRole('link', { name: 'Map' }).click()
    await expect(page.getByLabel('Location')).toHaveValue('37.74990, -122.43010')
    await expect(page.getByLabel('Consumption')).toHaveValue('7.25')
  })
  await test.step('a rejected one is kept with its reason, and all are there as CSV', async () => {
    const data = { ...asked, requested_consumption_kW: 1_000_000 }
    const rejected = await (await request.post('/connection', { data })).json()
    expect(rejected.status).toBe('rejected')
    await open(page, '/connections?status=rejected')
    await expect(page.getByRole('row').filter({ hasText: '1,000,000.0' }).first()).toContainText(rejected.reason)
    await open(page, '/connections')
    const href = await page.locator('.downloads').getByRole('link', { name: 'CSV' }).getAttribute('href')
    const answer = await request.get(href!)
    expect(answer.headers()['content-type']).toContain('text/csv')
    expect((await answer.text()).split('\n')[0]).toContain('Consumption (kW)')
  })
})

test('the map is clicked on, goes with the page and comes back, stands in the address, and asks nobody else', async ({ page, baseURL }) => {
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(baseURL!) && !request.url().startsWith('data:')) foreign.push(request.url())
  })
  await test.step('a place', async () => {
    await openMap(page, `/grid?${AT}&consumption=12`)
    const box = (await page.locator('.map').boundingBox())!
    await page.mouse.click(box.x + box.width / 2 + 60, box.y + box.height / 2 + 90)
    await expect(page).not.toHaveURL(/lat=37\.7586&/)
    await expect(page).toHaveURL(/lat=37\.7\d+&lon=-122\.4\d+&consumption=12/)
    await expect(headline(page)).toHaveText(/^Feasible at/)
    await page.goBack()
    await expect(page.getByLabel('Location')).toHaveValue('37.7586, -122.4148')
  })
  await test.step('a cluster and a transformer', async () => {
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
  await test.step('a place that has several meanings is chosen from a list', async () => {
    await openMap(page, '/grid?place=sunset')
    await expect(headline(page)).toHaveText('Which place is meant?')
    await page.getByRole('link', { name: 'Inner Sunset' }).click()
    await expect(headline(page)).toHaveText(/^Feasible at/)
    await expect(page.getByText('DataSF')).toBeVisible()
  })
  await test.step('the map goes with the page and comes back', async () => {
    await goTo(page, 'Connections')
    await expect(page.locator('.map')).toHaveCount(0)
    await page.goBack()
    await expect(page.locator('.map-mark').first()).toBeVisible()
    await live(page)
  })
  await test.step('what part of it is seen stands in the address', async () => {
    await page.goto('about:blank')
    await open(page, '/grid#map=14/37.76/-122.42')
    const map = page.getByRole('application')
    await expect(map).toHaveClass(/leaflet-container/)
    await map.focus()
    await page.keyboard.press('ArrowRight')
    await expect(page).toHaveURL(/\/grid#map=14\/37\.7\d+\/-122\.4[01]\d+$/)
    const address = page.url()
    await page.reload()
    await expect(map).toHaveClass(/leaflet-container/)
    await go(page, 'k')
    await expect(page).toHaveURL(/\/connections/)
    await page.goBack()
    await expect(page).toHaveURL(address)
  })
  expect(foreign).toEqual([])
})

test('a place is checked, and its rule read, by keyboard', async ({ page }) => {
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
