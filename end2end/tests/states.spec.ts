import type { Page } from '@playwright/test'

import { expect, goTo, live, open, rows, test } from './page'

const headline = (page: Page) => page.getByRole('heading', { level: 1 })
const main = (page: Page) => page.getByRole('main')
const lost = (page: Page) => page.getByText(/No connection to the server/)
const old = (page: Page) => page.getByText(/could not be brought up to date/)

async function show(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  }, state)
}

/** Lets the page go and come back, as when another tab is looked at: it opens its stream anew. */
async function lookAway(page: Page): Promise<void> {
  await show(page, 'hidden')
  await show(page, 'visible')
}

/** What the browser says of requests that a test stops is no fault. */
function forget(complaints: string[]): void {
  const left = complaints.filter((text) => !/Failed to load resource|net::ERR/.test(text))
  complaints.splice(0, complaints.length, ...left)
}

const asked = (page: Page, path: string) => page.waitForRequest((request) => request.url().endsWith(path))
const streamed = (page: Page) => page.waitForRequest((request) => request.url().includes('/api/live'))

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

test('a stream is let go while hidden, told when lost, and taken up with what was missed', async ({ page, complaints }) => {
  await open(page, '/')
  await test.step('a hidden page lets its stream go, and a visible one takes it up', async () => {
    const closed = page.waitForEvent('requestfailed', (request) => request.url().includes('/api/live'))
    await show(page, 'hidden')
    await closed
    const opened = streamed(page)
    await show(page, 'visible')
    await opened
    await live(page)
  })
  await test.step('a lost stream is told, and the values stay', async () => {
    await page.route('**/api/live*', (route) => route.abort())
    const before = await headline(page).innerText()
    await lookAway(page)
    await expect(lost(page)).toBeVisible()
    await expect(page.locator('.live-words')).toHaveText('Not live')
    await expect(headline(page)).toHaveText(before)
  })
  await test.step('it goes on by itself, and asks for what was missed', async () => {
    const missed = Promise.all([asked(page, '/fn/overview'), asked(page, '/fn/sheet')])
    await page.unroute('**/api/live*')
    await missed
    await live(page)
    await expect(lost(page)).toBeHidden()
  })
  await test.step('the network coming back opens it at once', async () => {
    const opened = streamed(page)
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await opened
    await live(page)
  })
  forget(complaints)
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

test('a refresh that fails says so and keeps what is there, and what cannot be shown is tried again', async ({ page, complaints }) => {
  await open(page, '/')
  await test.step('a refresh that fails', async () => {
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
  })
  await test.step('a page that cannot be shown says why and is tried again', async () => {
    await page.route('**/fn/sheet', (route) => route.abort())
    await goTo(page, /^Meters/)
    const failure = page.getByRole('alert').filter({ hasText: 'cannot be shown' })
    await expect(failure).toContainText('The server does not answer')
    await page.unroute('**/fn/sheet')
    await failure.getByRole('button', { name: 'Try again' }).click()
    await expect(page.locator('#pane .sheet')).toBeVisible()
    await expect(failure).toBeHidden()
  })
  await test.step('a document that cannot be drawn anew stays, and says so', async () => {
    await open(page, '/losses')
    const again = () => page.evaluate(() => window.dispatchEvent(new CustomEvent('wattlens:refresh')))
    await page.route('**/losses?again', (route) => route.abort())
    await again()
    await expect(old(page)).toBeVisible()
    await expect(headline(page)).toContainText(/kWh/)
    await page.unroute('**/losses?again')
    await again()
    await expect(old(page)).toBeHidden()
  })
  forget(complaints)
  expect(complaints).toEqual([])
  await test.step('a page that the updated server has no code for any more offers to reload', async () => {
    await goTo(page, /^Overview/)
    await expect(page.getByRole('link', { name: 'Reload' })).toBeHidden()
    await page.route('**/pkg/**/*.wasm', (route) => route.fulfill({ status: 404, body: '' }))
    await goTo(page, /^Meters/)
    const reload = page.getByRole('alert').getByRole('link', { name: 'Reload' })
    await expect(reload).toBeVisible()
    await page.unroute('**/pkg/**/*.wasm')
    await reload.click()
    await live(page)
    await expect(reload).toBeHidden()
    complaints.length = 0
  })
})

test('where the server is slow the old page stays, marked as busy, until the newest one is there, and quick steps harm nothing', async ({ page }) => {
  await test.step('a page of the browser', async () => {
    await open(page, '/')
    const release = await held(page, '**/fn/meters')
    await goTo(page, /^Meters/)
    await expect(main(page)).toHaveAttribute('aria-busy', 'true')
    await expect(headline(page)).toContainText(/kW|No balance/)
    release()
    await expect(rows(page).first()).toBeVisible()
    await expect(main(page)).toHaveAttribute('aria-busy', 'false')
  })
  const period = page.getByRole('navigation', { name: 'Period' })
  await test.step('a document of another period, drawn in place', async () => {
    await open(page, '/losses')
    const release = await held(page, '**/losses?period=week')
    await period.getByRole('link', { name: 'Week' }).click()
    await expect(main(page)).toHaveAttribute('aria-busy', 'true')
    await expect(headline(page)).toContainText('today')
    const bones = () => main(page).evaluate((element) => getComputedStyle(element, '::before').opacity)
    await expect.poll(bones).toBe('1')
    release()
    await expect(headline(page)).toContainText('this week')
    await expect(main(page)).not.toHaveAttribute('aria-busy', 'true')
    await page.unroute('**/losses?period=week')
  })
  await test.step('whoever turns to another one meanwhile waits for that one alone', async () => {
    await open(page, '/losses')
    const release = await held(page, '**/losses?period=week')
    await period.getByRole('link', { name: 'Week' }).click()
    await expect(main(page)).toHaveAttribute('aria-busy', 'true')
    await period.getByRole('link', { name: 'Yesterday', exact: true }).click()
    await expect(headline(page)).toContainText('yesterday')
    await expect(main(page)).not.toHaveAttribute('aria-busy', 'true')
    release()
    await expect(headline(page)).toContainText('yesterday')
  })
  for (const path of ['/', '/meters']) {
    await test.step(`quick steps through the periods harm nothing: ${path}`, async () => {
      await open(page, path)
      await page.route('**/fn/*', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 700))
        await route.continue()
      })
      await period.focus()
      for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowRight', 'ArrowLeft']) {
        await page.keyboard.press(key)
      }
      await period.getByRole('link', { name: 'Week' }).click()
      await expect(page).toHaveURL(/period=week/)
      // Live figures go on changing meanwhile: the fixture fails on whatever the console says of them.
      await page.waitForResponse((response) => response.url().includes('/fn/'), { timeout: 20_000 })
      if (path === '/') await expect(page.locator('.overview-period')).toContainText(/week/i)
      else await expect(page.locator('.tree thead .col-energy')).not.toContainText(/today/i)
      await live(page)
      await page.unroute('**/fn/*')
    })
  }
})

test('links and forms work while the page is still taken over', async ({ page }) => {
  const takenOver = async (path: string) => {
    const code = page.waitForResponse('**/frontend_bg.wasm')
    await page.goto(path, { waitUntil: 'commit' })
    await (await code).finished()
  }
  await test.step('a link leads where it says', async () => {
    const release = await held(page, '**/split___meters*.wasm')
    await takenOver('/meters')
    await page.getByRole('navigation', { name: 'Period' }).getByRole('link', { name: 'Week' }).click()
    await expect(page).toHaveURL(/period=week/)
    release()
    await live(page)
    await expect(page.getByRole('columnheader', { name: /this week/i })).toBeVisible()
  })
  await test.step('a form of a document is the browser\'s own until then, and keeps what was typed', async () => {
    const release = await held(page, '**/islands_bg.wasm')
    await page.goto('/reports', { waitUntil: 'commit' })
    await page.getByLabel('Mailboxes').fill('nobody')
    await page.getByRole('button', { name: 'Send it from now on' }).click()
    release()
    await expect(page.getByText('is no mailbox').last()).toBeVisible()
    await live(page)
    await expect(page.getByLabel('Mailboxes')).toHaveValue('nobody')
    await expect(page).toHaveURL(/\/reports$/)
  })
})
