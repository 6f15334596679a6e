import { PAGES } from '../pages'
import { accessibility, expect, neighbourhood, open, test } from './page'

const LOOKS = [
  { name: 'wide and light', width: 1440, height: 900, colorScheme: 'light' },
  { name: 'wide and dark', width: 1440, height: 900, colorScheme: 'dark' },
  { name: 'on a phone', width: 390, height: 844, colorScheme: 'light' },
] as const

test.beforeAll(async ({ request }) => {
  test.setTimeout(320_000)
  await neighbourhood(request)
})

for (const path of PAGES) {
  test(`${path} has no accessibility fault`, async ({ page }) => {
    await open(page, path)
    for (const { name, width, height, colorScheme } of LOOKS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height })
      expect.soft(await accessibility(page), name).toEqual([])
    }
  })
}
