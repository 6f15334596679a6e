import type { Page } from '@playwright/test'

import { expect, live, open, test } from './page'

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

/** The document is asked for once more. */
const askedAgain = (page: Page) => page.waitForRequest((request) => request.url().endsWith('?again'))
const streamed = (page: Page) => page.waitForRequest((request) => request.url().includes('/api/live'))

/** Holds back what is asked there, until it is told to let it go. */
async function held(page: Page, path: string): Promise<() => void> {
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  await page.route(path, async (route) => {
    await released
    await route.continue()
  })
  return release
}

test('a page that was hidden, lost its stream, could not be drawn anew or slept says so, and goes on with what is true', async ({ page, complaints }) => {
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
    const missed = askedAgain(page)
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
  await test.step('a refresh that fails says so and keeps what is there', async () => {
    for (const [path, figures] of [['/', /kW|No balance/], ['/losses', /kWh/]] as const) {
      await open(page, path)
      const again = () => page.evaluate(() => window.dispatchEvent(new CustomEvent('wattlens:refresh')))
      await page.route('**/*?again', (route) => route.abort())
      await again()
      await expect(old(page)).toBeVisible()
      await expect(headline(page)).toContainText(figures)
      await page.unroute('**/*?again')
      await again()
      await expect(old(page)).toBeHidden()
    }
  })
  await test.step('a form that is not answered says so and keeps what was typed', async () => {
    await open(page, '/reports')
    const send = page.getByRole('button', { name: 'Send it from now on' })
    const addresses = page.locator('form').filter({ has: send }).getByLabel('E-mail addresses')
    await page.route('**/act/**', (route) => route.abort())
    await addresses.fill('boss@plant.example')
    await send.click()
    await expect(page.getByText('The server does not answer.')).toBeVisible()
    await expect(addresses).toHaveValue('boss@plant.example')
    await page.unroute('**/act/**')
  })
  await test.step('a computer that slept goes on with what is true now', async () => {
    await page.clock.install()
    await open(page, '/')
    const missed = askedAgain(page)
    await page.clock.fastForward('24:00:00')
    await missed
    await live(page)
    await expect(lost(page)).toBeHidden()
  })
  forget(complaints)
})

test('where the server is slow the old page stays, marked as busy, until the newest one is there, and quick steps harm nothing', async ({ page }) => {
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
      await page.route('**/*period=*', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 700))
        await route.continue()
      })
      await period.focus()
      for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowRight', 'ArrowLeft']) {
        await page.keyboard.press(key)
      }
      await period.getByRole('link', { name: 'Week' }).click()
      // Live figures go on changing meanwhile: the fixture fails on whatever the console says of them.
      await expect(page).toHaveURL(/period=week/, { timeout: 20_000 })
      if (path === '/') await expect(page.locator('.overview-period')).toContainText(/week/i)
      else await expect(page.locator('.tree thead .col-energy')).not.toContainText(/today/i)
      await live(page)
      await page.unroute('**/*period=*')
    })
  }
})

test('links and forms work while the page is still taken over', async ({ page }) => {
  await test.step('a link leads where it says', async () => {
    const release = await held(page, '**/live_bg.wasm')
    await page.goto('/meters', { waitUntil: 'commit' })
    await page.getByRole('navigation', { name: 'Period' }).getByRole('link', { name: 'Week' }).click()
    await expect(page).toHaveURL(/period=week/)
    release()
    await live(page)
    await expect(page.getByRole('columnheader', { name: /this week/i })).toBeVisible()
  })
  await test.step('a form of a document is the browser\'s own until then, and keeps what was typed', async () => {
    const release = await held(page, '**/islands_bg.wasm')
    await page.goto('/reports', { waitUntil: 'commit' })
    const send = page.getByRole('button', { name: 'Send it from now on' })
    const addresses = page.locator('form').filter({ has: send }).getByLabel('E-mail addresses')
    await addresses.fill('nobody')
    await send.click()
    release()
    await expect(page.getByText('is no mailbox').last()).toBeVisible()
    await live(page)
    await expect(addresses).toHaveValue('nobody')
    await expect(page).toHaveURL(/\/reports$/)
  })
})
