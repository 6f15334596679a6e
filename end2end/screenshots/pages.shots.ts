import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test, type Browser } from '@playwright/test'
import { PAGES, WIDTHS, fileName } from '../pages'
import { live, neighbourhood } from '../tests/page'
import { SCHEMES, folder, picture } from './folder'

const docs = resolve('../docs/images')

test.beforeAll(async ({ request }) => {
  test.setTimeout(320_000)
  mkdirSync(folder, { recursive: true })
  await neighbourhood(request)
})

/** Takes a page in one width and one scheme; answers what is wrong with it there. */
async function take(browser: Browser, path: string, size: (typeof WIDTHS)[number], colorScheme: 'light' | 'dark') {
  const { width, height } = size
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const wrong: string[] = []
  const say = (what: string) => wrong.push(`${path} at ${width}, ${colorScheme}: ${what}`)
  page.on('console', (message) => {
    if (message.type() === 'error') say(message.text())
  })
  page.on('pageerror', (error) => say(String(error)))
  const response = await page.goto(path)
  if (!response?.ok()) say(`status ${response?.status()}`)
  await live(page)
  await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined)
  const { content, room } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }))
  if (content > room) say(`its content is ${content} wide`)
  await page.screenshot({ path: picture(fileName(path), size.name, colorScheme), fullPage: true })
  await context.close()
  return wrong
}

for (const path of PAGES) {
  test(path, async ({ browser }) => {
    const wrong: string[] = []
    for (const size of WIDTHS) {
      for (const scheme of SCHEMES) wrong.push(...(await take(browser, path, size, scheme)))
    }
    expect(wrong).toEqual([])
  })
}

test('the picture of the overview in the documentation', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
  const page = await context.newPage()
  await page.goto('/')
  await live(page)
  await page.screenshot({ path: `${docs}/overview.png` })
  await context.close()
})
