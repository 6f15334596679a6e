import { PAGES } from '../pages'
import { expect, fitsItsWidth, neighbourhood, open, rows, test } from './page'

test.describe.configure({ mode: 'parallel' })

test.beforeAll(async ({ request }) => {
  test.setTimeout(320_000)
  await neighbourhood(request)
})

for (const [name, width, height] of [['phone', 390, 844], ['tablet', 768, 1024], ['laptop', 1024, 768]] as const) {
  test.describe(name, () => {
    test.use({ viewport: { width, height } })
    for (const path of PAGES) {
      test(`${path} fits a ${name}`, async ({ page }) => {
        await open(page, path)
        await fitsItsWidth(page)
      })
    }
  })
}

test.describe('phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('the bar at the foot leads to the pages and the menu', async ({ page }) => {
    await open(page, '/')
    const bar = page.getByRole('navigation', { name: 'Pages' })
    await bar.getByRole('link', { name: 'Meters' }).click()
    await expect(rows(page).first()).toBeVisible()
    await bar.getByRole('link', { name: 'Losses' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/kWh/)
    await bar.getByRole('button', { name: 'More' }).click()
    const menu = page.getByRole('navigation', { name: 'Main' })
    await menu.getByRole('link', { name: 'Overview' }).click()
    await expect(menu).toBeHidden()
    await expect(page).toHaveURL(/\/$/)
  })

  test('the page one is on is always in the bar at the foot', async ({ page }) => {
    await open(page, '/carbon')
    const bar = page.getByRole('navigation', { name: 'Pages' })
    await expect(bar.getByRole('link', { name: 'Carbon' })).toHaveAttribute('aria-current', 'page')
    await expect(bar.getByRole('link')).toHaveCount(4)
  })

  test('the search is a button until it is used', async ({ page }) => {
    await open(page, '/')
    await page.locator('.search-button').click()
    const search = page.getByRole('combobox', { name: 'Find a meter' })
    await expect(search).toBeFocused()
    await search.fill('main grid')
    await page.getByRole('option').first().click()
    await expect(page.getByRole('heading', { level: 1, name: 'Main Grid' })).toBeVisible()
  })
})

test('the rail names the page one is on, and help at its foot', async ({ page }) => {
  await open(page, '/losses')
  const rail = page.getByRole('navigation', { name: 'Main' })
  await expect(rail.locator('[aria-current=page]')).toHaveText('Losses')
  await rail.getByRole('link', { name: 'Help' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Help' })).toBeVisible()
  await expect(page.getByRole('definition').first()).toBeVisible()
  await expect(rail.locator('[aria-current=page]')).toHaveCount(0)
})

test('what is printed is the content alone', async ({ page }) => {
  await open(page, '/losses')
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden()
  await expect(page.getByRole('banner')).toBeHidden()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
})

test('the chosen colours are there from the first byte', async ({ page }) => {
  await open(page, '/')
  await page.getByRole('radio', { name: 'Dark' }).check()
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  expect(await background()).toBe('rgb(19, 21, 23)')
  const response = await page.reload()
  expect(await response?.text()).toContain('data-theme="dark"')
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked()
  await page.getByRole('radio', { name: 'Auto' }).check()
  expect(await background()).toBe('rgb(255, 255, 255)')
})

test('what is not there says so with its status', async ({ page, complaints }) => {
  for (const path of ['/nowhere', '/meters/999999999', '/meters/abc', '/meters/1/nowhere']) {
    const response = await page.goto(path)
    expect(response?.status()).toBe(404)
    await expect(page.getByRole('heading', { level: 1 })).toContainText('There is no such')
  }
  expect(complaints.every((text) => text.includes('404'))).toBe(true)
  complaints.length = 0
})

test('a lost stream is said and the values stay', async ({ page, complaints }) => {
  await open(page, '/')
  await page.route('**/api/live*', (route) => route.abort())
  const headline = page.getByRole('heading', { level: 1 })
  const before = await headline.innerText()
  await page.evaluate(() => {
    const states = ['hidden', 'visible']
    for (const state of states) {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    }
  })
  await expect(page.getByText(/The live stream was lost/)).toBeVisible()
  await expect(headline).toHaveText(before)
  await page.unroute('**/api/live*')
  await expect(page.getByText(/The live stream was lost/)).toBeHidden({ timeout: 20_000 })
  complaints.length = 0
})
