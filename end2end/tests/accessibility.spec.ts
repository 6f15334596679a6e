import { PAGES } from '../pages'
import { accessibility, expect, neighbourhood, open, test } from './page'

const GUIDELINES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

test.beforeAll(async ({ request }) => {
  test.setTimeout(320_000)
  await neighbourhood(request)
})

const LOOKS = [
  { name: 'wide and light', use: { viewport: { width: 1440, height: 900 }, colorScheme: 'light' } },
  { name: 'wide and dark', use: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' } },
  { name: 'on a phone', use: { viewport: { width: 390, height: 844 }, colorScheme: 'light' } },
] as const

for (const { name, use } of LOOKS) {
  test.describe(name, () => {
    test.use(use)
    for (const path of PAGES) {
      test(`${path} has no fault by WCAG 2.1 AA`, async ({ page }) => {
        await open(page, path)
        expect(await accessibility(page, GUIDELINES)).toEqual([])
      })
    }
  })
}
