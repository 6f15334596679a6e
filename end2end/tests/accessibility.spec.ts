import type { Page } from '@playwright/test'
import { NEIGHBOURHOOD, PLANT, SETTINGS } from '../pages'
import { accessibility, COLOURS, expect, fitsItsWidth, open, test } from './page'

test.describe.configure({ mode: 'parallel', timeout: 300_000 })

/** Pages that show, when they are compared or checked, all that they show else and more: that is looked at. */
const MORE: Record<string, string> = {
  '/?period=week': '/?period=week&compare=previous',
  '/losses?by=trend&period=week': '/losses?by=trend&period=week&compare=previous',
  '/carbon?period=month': '/carbon?period=week&compare=previous',
  '/history?series=1.power_2.energy&period=week': '/history?series=1.power_2.energy&compare=previous',
  '/sites?with=default,world&period=week': '/sites?with=default,world&period=week&compare=previous',
  '/devices/new?protocol=modbus': '/devices/new?protocol=modbus&host=h&check=1',
}

/** What else pages look like after somebody asked them something. */
const ASKED = [
  '/meters?meter=1&period=week&compare=previous',
  '/grid?lat=37.7586&lon=-122.4148&consumption=24&production=12',
]

/** One page of each kind: on a phone the accessibility of the others is made of the same parts. */
const ON_A_PHONE = /^\/(|meters\?period=week|losses\?period=week|devices|settings\/site|grid|bills\/.*)$/

/**
 * Each page is loaded once, wide, and then narrowed: loading takes longer than all that is asked of it. The dark
 * colours of a look are judged on the first page that has it: whatever lies over a text was judged in the light.
 */
async function visit(page: Page, path: string, dark: Set<string>): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 })
  await open(page, path)
  expect.soft(await accessibility(page), `${path}, wide and light`).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect.soft(await accessibility(page, COLOURS, dark), `${path}, wide and dark`).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
  for (const [width, height] of [[1024, 768], [768, 1024], [390, 844]] as const) {
    await page.setViewportSize({ width, height })
    await fitsItsWidth(page, path)
  }
  if (ON_A_PHONE.test(path)) expect.soft(await accessibility(page), `${path}, on a phone`).toEqual([])
}

for (const [pages, paths] of Object.entries({
  'the plant': PLANT,
  'devices and settings': SETTINGS,
  'the neighbourhood, and those that were asked something': [...NEIGHBOURHOOD, ...ASKED],
})) {
  test(`the pages of ${pages} are accessible and fit each width`, async ({ page }) => {
    const dark = new Set<string>()
    for (const path of paths.map((path) => MORE[path] ?? path)) await test.step(path, () => visit(page, path, dark))
  })
}
