import { PAGES } from '../pages'
import { accessibility, COLOURS, expect, neighbourhood, open, test } from './page'

const LOOKS = [
  { name: 'wide and light', width: 1440, height: 900, colorScheme: 'light', rules: undefined },
  { name: 'wide and dark', width: 1440, height: 900, colorScheme: 'dark', rules: COLOURS },
  { name: 'on a phone', width: 390, height: 844, colorScheme: 'light', rules: undefined },
] as const

test.describe.configure({ mode: 'parallel' })

test.beforeAll(async ({ request }) => {
  test.setTimeout(320_000)
  await neighbourhood(request)
})

for (const path of PAGES) {
  test(`${path} has no accessibility fault`, async ({ page }) => {
    await open(page, path)
    for (const { name, width, height, colorScheme, rules } of LOOKS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height })
      expect.soft(await accessibility(page, rules), name).toEqual([])
    }
  })
}
