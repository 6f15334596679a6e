import axeCore from 'axe-core'
import { test as base, expect, type APIRequestContext, type ConsoleMessage, type Locator, type Page } from '@playwright/test'
import { Installation } from '../peers/program'

/** Each test fails on what the browser complains about while it runs. */
export const test = base.extend<{ complaints: string[] }, { own: Installation; settled: void }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = []
      const said = (message: ConsoleMessage) => {
        // A form that is refused is answered by 422, which the browser tells of whatever the page does with it.
        const isRefused = message.location().url.includes('/act/') && / 4\d\d /.test(message.text())
        if (message.type() === 'error' && !isRefused) complaints.push(`${page.url()}: ${message.text()}`)
      }
      const thrown = (error: Error) => complaints.push(`${page.url()}: ${String(error)}`)
      page.on('console', said).on('pageerror', thrown)
      await use(complaints)
      page.off('console', said).off('pageerror', thrown)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],
  own: [
    async ({}, use, info) => {
      const own = await Installation.start(`own-${info.workerIndex}`)
      await use(own)
      await own.stop()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  // Until then the demo computes with all that the machine has.
  settled: [
    async ({ playwright }, use, info) => {
      if (info.project.name === 'demo') {
        const request = await playwright.request.newContext({ baseURL: info.project.use.baseURL })
        await neighbourhood(request)
        await request.dispose()
      }
      await use()
    },
    { scope: 'worker', auto: true, timeout: 320_000 },
  ],
})

/** A test in an installation of its worker's own, without the demo: nobody else sees what it changes. */
export const ownTest = test.extend({
  baseURL: async ({ own }, use) => use(own.url),
})

export { expect }

/** Opens a page and waits until it is live: rendered, taken over by WASM, following the stream. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await live(page)
}

export async function live(page: Page): Promise<void> {
  await expect(page.locator('.live-words')).toHaveText(/^(Live, |Simulated clock|Paused)/)
}

/** The rows of the tree. */
export function rows(page: Page) {
  return page.getByRole('treegrid').locator('tbody').getByRole('row')
}

// Contrast takes most of the time, and a table of a hundred rows has the same few looks a hundred times.
const SOME_OF_EACH_LOOK = `;axe.configure({ rules: [{ id: 'color-contrast', selector: '[data-look]' }] })`

/** What another colour scheme can change. */
export const COLOURS = ['color-contrast', 'link-in-text-block']

/**
 * Faults that a screen reader or the keyboard would meet; those against some rules where named. The contrast of the
 * looks that were judged before is known; those of this page are added to them.
 */
export async function accessibility(page: Page, rules?: string[], judged = new Set<string>()): Promise<string[]> {
  const marked = await page.evaluate(markLooks, [...judged])
  marked.forEach((look) => judged.add(look))
  // Half a megabyte, once for each page.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeCore.source + SOME_OF_EACH_LOOK)
  return page.evaluate(async (rules) => {
    const { axe } = window as unknown as { axe: typeof axeCore }
    const runOnly = rules && { type: 'rule' as const, values: rules }
    // Only a rule about sound and film asks for what is preloaded: all style sheets, read rule by rule.
    const options = { runOnly, resultTypes: ['violations' as const], selectors: false, preload: false }
    const { violations } = await axe.run(document, options)
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
  }, rules)
}

/**
 * Marks of all texts that are drawn in the same colours and sizes, on the same grounds, the first three: one
 * may lie below another element, where its contrast cannot be told. Those that look as one that was judged are left
 * out. Answers the looks that have a mark. Runs in the page.
 */
function markLooks(judged: string[]): string[] {
  const grounds = new Map<Element, string>()
  const ground = (element: Element | null): string => {
    if (element === null) return ''
    const known = grounds.get(element)
    if (known !== undefined) return known
    const { backgroundColor, backgroundImage, opacity, position, filter } = getComputedStyle(element)
    const own = [backgroundColor, backgroundImage, opacity, position, filter].join()
    const nothing = 'rgba(0, 0, 0, 0),none,1,static,none'
    const all = ground(element.parentElement) + (own === nothing ? '' : `/${own}`)
    grounds.set(element, all)
    return all
  }
  const known = new Set(judged)
  const marked = new Map<string, number>()
  for (const element of document.querySelectorAll('body *')) {
    element.removeAttribute('data-look')
    const says = [...element.childNodes].some(({ nodeType, textContent }) => nodeType === Node.TEXT_NODE && textContent?.trim() !== '')
    if (!says && !element.matches('input, select, textarea')) continue
    if (!element.checkVisibility({ opacityProperty: false })) continue
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element)
    const disabled = element.closest(':disabled, [aria-disabled=true]') !== null
    const look = [color, fontSize, fontWeight, textShadow, disabled, ground(element)].join()
    if (known.has(look)) continue
    const already = marked.get(look) ?? 0
    if (already === 3) continue
    marked.set(look, already + 1)
    element.setAttribute('data-look', '')
  }
  return [...marked.keys()]
}

/** The content is no wider than its window, once what is drawn for the width is drawn. */
export async function fitsItsWidth(page: Page, path = ''): Promise<void> {
  const beyond = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  const message = `${path} beyond ${page.viewportSize()?.width}`
  await expect.soft.poll(beyond, { message }).toBeLessThanOrEqual(0)
}

/** Tab until something has the focus, as a person would. */
export async function tabTo(page: Page, target: Locator, most = 120): Promise<void> {
  const hasFocus = () => target.evaluate((element) => element === document.activeElement)
  for (let i = 0; i < most && !(await hasFocus()); i++) await page.keyboard.press('Tab')
  await expect(target).toBeFocused()
}

/** Goes to a place by its keys. */
export async function go(page: Page, letter: string): Promise<void> {
  await page.keyboard.press('g')
  await page.keyboard.press(letter)
}

/** Goes to a place by the rail. */
export const goTo = (page: Page, name: RegExp | string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click()

/** A figure as a page writes it. */
export const number = (text: string) => Number(text.replace('\u2212', '-').replace(/,/g, ''))

/** The page as it is printed: its content, and nothing to click on. */
export async function onPaper(page: Page, content: string): Promise<void> {
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('.rail')).toBeHidden()
  await expect(page.locator('.top')).toBeHidden()
  await expect(page.locator(content)).toBeVisible()
  const pdf = await page.pdf({ preferCSSPageSize: true })
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  await page.emulateMedia({ media: 'screen' })
}

/** Waits until the neighbourhood of the demo has its past: a month, billed to 60 households, two offices and a block of flats. */
export async function neighbourhood(request: APIRequestContext): Promise<void> {
  const bills = async () => {
    const response = await request.get('/api/bills?site=world')
    return response.ok() ? ((await response.json()) as { data: unknown[] }).data.length : 0
  }
  await expect.poll(bills, { timeout: 300_000, intervals: [1_000] }).toBeGreaterThanOrEqual(63)
}
