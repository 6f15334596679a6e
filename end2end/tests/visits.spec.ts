import type { Page } from '@playwright/test'
import { PAGES } from '../pages'
import { accessibility, COLOURS, expect, fitsItsWidth, open, test as base } from './page'

/** Visits follow each other in one window of each worker, which has the program compiled and at hand. */
const test = base.extend<object, { window: Page }>({
  window: [
    async ({ browser }, use, info) => {
      const context = await browser.newContext(info.project.use)
      await use(await context.newPage())
      await context.close()
    },
    { scope: 'worker' },
  ],
  page: async ({ window }, use) => use(window),
})

test.describe.configure({ mode: 'parallel' })

/** What pages look like after somebody asked them something. */
const ASKED = [
  '/devices/new?protocol=modbus&host=h&check=1',
  '/history?series=1.power_2.energy&compare=previous',
  '/?period=week&compare=previous',
  '/losses?by=trend&period=week&compare=previous',
  '/meters?meter=1&period=week&compare=previous',
  '/carbon?period=week&compare=previous',
  '/sites?with=default,world&period=week&compare=previous',
  '/grid?lat=37.7586&lon=-122.4148&consumption=24&production=12',
]

/** One page of each kind: on a phone the accessibility of the others is made of the same parts. */
const ON_A_PHONE = /^\/(|meters\?period=week|losses\?period=week|devices|settings\/site|grid|bills\/.*)$/

for (const path of [...PAGES, ...ASKED]) {
  test(`${path} is accessible and fits each width`, async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await open(page, path)
    expect.soft(await accessibility(page), 'wide and light').toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect.soft(await accessibility(page, COLOURS), 'wide and dark').toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    for (const [width, height] of [[1024, 768], [768, 1024], [390, 844]] as const) {
      await page.setViewportSize({ width, height })
      await fitsItsWidth(page)
    }
    if (ON_A_PHONE.test(path)) expect.soft(await accessibility(page), 'on a phone').toEqual([])
  })
}
