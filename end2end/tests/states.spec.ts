import type { Page } from '@playwright/test'

import { expect, live, open, rows, test } from './page'

const headline = (page: Page) => page.getByRole('heading', { level: 1 })
const lost = (page: Page) => page.getByText(/The live stream was lost/)
const old = (page: Page) => page.getByText(/could not be brought up to date/)

/** Lets the page go and come back, as when another tab is looked at: it opens its stream anew. */
async function lookAway(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const state of ['hidden', 'visible']) {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    }
  })
}

/** What the browser says of requests that a test stops is no fault. */
function forget(complaints: string[]): void {
  const left = complaints.filter((text) => !/Failed to load resource|net::ERR/.test(text))
  complaints.splice(0, complaints.length, ...left)
}

const asked = (page: Page, path: string) => page.waitForRequest((request) => request.url().endsWith(path))

test('a stream that was lost goes on by itself, and what was missed is asked for', async ({ page, complaints }) => {
  await open(page, '/')
  await page.route('**/api/live*', (route) => route.abort())
  const before = await headline(page).innerText()
  await lookAway(page)
  await expect(lost(page)).toBeVisible()
  await expect(page.locator('.live-words')).toHaveText('Not live')
  await expect(headline(page)).toHaveText(before)
  const missed = Promise.all([asked(page, '/fn/overview'), asked(page, '/fn/sheet')])
  await page.unroute('**/api/live*')
  await missed
  await live(page)
  await expect(lost(page)).toBeHidden()
  forget(complaints)
})

test('the network coming back opens the stream at once', async ({ page }) => {
  await open(page, '/')
  const opened = page.waitForRequest((request) => request.url().includes('/api/live'))
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await opened
  await live(page)
})

test('a computer that slept goes on with what is true now', async ({ page }) => {
  await page.clock.install()
  await open(page, '/')
  const missed = Promise.all([asked(page, '/fn/overview'), asked(page, '/fn/sheet')])
  await page.clock.fastForward('24:00:00')
  await missed
  await live(page)
  await expect(lost(page)).toBeHidden()
})

test('a refresh that fails says so and keeps what is there', async ({ page, complaints }) => {
  await open(page, '/')
  const first = page.getByRole('table').filter({ hasText: 'All nodes' }).locator('tbody').getByRole('link').first()
  await page.route('**/fn/*', (route) => route.abort())
  await lookAway(page)
  await expect(old(page)).toBeVisible()
  await expect(headline(page)).toContainText(/kW|No balance/)
  await expect(first).toBeVisible()
  await expect(page.getByRole('img', { name: /^Site input today/ })).toBeVisible()
  await page.unroute('**/fn/*')
  await lookAway(page)
  await expect(old(page)).toBeHidden()
  forget(complaints)
})

/** Holds back what is asked there with these words in it, until it is told to let it go. */
async function held(page: Page, path: string, words = ''): Promise<() => void> {
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  await page.route(path, async (route) => {
    if ((route.request().postData() ?? '').includes(words)) await released
    await route.continue()
  })
  return release
}

const goTo = (page: Page, name: RegExp) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click()

test('where the server is slow the old page stays, marked as busy, until the new one is there', async ({ page }) => {
  await open(page, '/')
  const release = await held(page, '**/fn/meters')
  await goTo(page, /^Meters/)
  await expect(page.getByRole('main')).toHaveAttribute('aria-busy', 'true')
  await expect(headline(page)).toContainText(/kW|No balance/)
  release()
  await expect(rows(page).first()).toBeVisible()
  await expect(page.getByRole('main')).toHaveAttribute('aria-busy', 'false')
})

test('a page that is drawn in place of another one is waited for in the same way', async ({ page }) => {
  await open(page, '/alarms')
  const release = await held(page, '**/fn/sheet')
  const main = page.getByRole('main')
  await goTo(page, /^Losses/)
  await expect(main).toHaveAttribute('aria-busy', 'true')
  const bones = () => main.evaluate((element) => getComputedStyle(element, '::before').opacity)
  await expect.poll(bones).toBe('1')
  release()
  await expect(headline(page)).toContainText(/Lost|No loss/)
  await expect(main).toHaveAttribute('aria-busy', 'false')
})

test('whoever turns to another page meanwhile waits for that one alone', async ({ page }) => {
  await open(page, '/alarms')
  const release = await held(page, '**/fn/sheet', 'losses')
  const main = page.getByRole('main')
  await goTo(page, /^Losses/)
  await expect(main).toHaveAttribute('aria-busy', 'true')
  await goTo(page, /^Devices/)
  await expect(headline(page)).toContainText(/device/i)
  await expect(main).toHaveAttribute('aria-busy', 'false')
  release()
})

test('a link followed while the page is still taken over leads where it says', async ({ page }) => {
  const release = await held(page, '**/split___history*.wasm')
  const code = page.waitForResponse('**/frontend_bg.wasm')
  await page.goto('/history?find=a', { waitUntil: 'commit' })
  await (await code).finished()
  await page.getByRole('link', { name: /^Add Power of/ }).first().click()
  await expect(page).toHaveURL(/series=/)
  release()
  await live(page)
  await expect(page.getByRole('group', { name: 'Series' }).locator('tbody').getByRole('row')).toHaveCount(1)
})

test('a form sent while the page is still taken over is sent once it is, and never by an address', async ({ page }) => {
  const release = await held(page, '**/split___drawn*.wasm')
  const code = page.waitForResponse('**/frontend_bg.wasm')
  await page.goto('/reports', { waitUntil: 'commit' })
  await (await code).finished()
  await page.getByLabel('Mailboxes').fill('nobody')
  await page.getByRole('button', { name: 'Send it from now on' }).click()
  release()
  await expect(page.getByText('is no mailbox')).toBeVisible()
  await expect(page.getByLabel('Mailboxes')).toHaveValue('nobody')
  await expect(page).toHaveURL(/\/reports$/)
})

for (const path of ['/', '/meters']) {
  test(`quick steps through the periods of ${path} harm nothing where the server is slow`, async ({ page }) => {
    await open(page, path)
    await page.route('**/fn/*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 700))
      await route.continue()
    })
    const back = page.getByRole('navigation', { name: 'Period' })
    await back.focus()
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowRight', 'ArrowLeft']) {
      await page.keyboard.press(key)
    }
    await page.getByRole('navigation', { name: 'Period' }).getByRole('link', { name: 'Week' }).click()
    await expect(page).toHaveURL(/period=week/)
    // Live figures go on changing meanwhile: the fixture fails on whatever the console says of them.
    const answered = page.waitForResponse((response) => response.url().includes('/fn/'), { timeout: 20_000 })
    await answered
    if (path === '/') await expect(page.locator('.overview-period')).toContainText(/week/i)
    else await expect(page.locator('.tree thead .col-energy')).not.toContainText(/today/i)
    await live(page)
  })
}

test('what cannot be shown says why and is tried again', async ({ page, complaints }) => {
  await open(page, '/')
  await page.route('**/fn/sheet', (route) => route.abort())
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Losses' }).click()
  const failure = page.getByRole('alert').filter({ hasText: 'cannot be shown' })
  await expect(failure).toContainText('The server does not answer')
  await page.unroute('**/fn/sheet')
  await failure.getByRole('button', { name: 'Try again' }).click()
  await expect(headline(page)).toContainText(/kWh/)
  await expect(failure).toBeHidden()
  forget(complaints)
})

test('a page that the updated server has no code for any more offers to reload', async ({ page, complaints }) => {
  await open(page, '/')
  await expect(page.getByRole('link', { name: 'Reload' })).toBeHidden()
  await page.route('**/pkg/**/*.wasm', (route) => route.fulfill({ status: 404, body: '' }))
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Meters/ }).click()
  const reload = page.getByRole('alert').getByRole('link', { name: 'Reload' })
  await expect(reload).toBeVisible()
  await page.unroute('**/pkg/**/*.wasm')
  await reload.click()
  await live(page)
  await expect(reload).toBeHidden()
  complaints.length = 0
})

test('a site without meters says what to do first', async ({ page, request }) => {
  const site = { slug: 'empty-site', name: 'Empty site', kind: 'live', timeZone: 'UTC', currency: 'EUR' }
  await request.post('/api/sites', { data: site })
  for (const path of ['/', '/meters']) {
    await open(page, `${path}?site=empty-site`)
    await expect(page.getByRole('heading', { name: 'No meters yet' })).toBeVisible()
  }
})
