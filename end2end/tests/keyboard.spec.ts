import type { APIRequestContext, Locator, Page } from '@playwright/test'

import { expect, live, neighbourhood, open, test } from './page'

// Each main job with the keyboard alone.

/** Tab until something has the focus, as a person would. */
async function tabTo(page: Page, target: Locator, most = 120): Promise<void> {
  const hasFocus = () => target.evaluate((element) => element === document.activeElement)
  for (let i = 0; i < most && !(await hasFocus()); i++) await page.keyboard.press('Tab')
  await expect(target).toBeFocused()
}

async function go(page: Page, letter: string): Promise<void> {
  await page.keyboard.press('g')
  await page.keyboard.press(letter)
}

const search = (page: Page) => page.getByRole('combobox', { name: 'Find a meter' })
const options = (page: Page) => page.getByRole('option')

test('go to the losses and look into the second-worst node', async ({ page }) => {
  await open(page, '/')
  await go(page, 'l')
  await expect(page).toHaveURL(/\/losses$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/kWh/)
  const node = page.locator('a[id^=node-]').nth(1)
  const name = await node.innerText()
  await tabTo(page, node)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/node=\d+/)
  await expect(page.getByRole('heading', { level: 2, name: new RegExp(`^${name}`) })).toBeVisible()
})

test('the period becomes last week, compared with the one before', async ({ page }) => {
  await open(page, '/losses')
  await page.keyboard.press('w')
  await expect(page).toHaveURL(/period=week$/)
  await page.keyboard.press('[')
  await expect(page).toHaveURL(/period=week&at=\d{4}-\d\d-\d\d/)
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/compare=previous/)
  await page.keyboard.press(']')
  await expect(page).toHaveURL(/period=week&compare=previous/)
  await page.keyboard.press('ArrowLeft')
  await expect(page).toHaveURL(/period=week&at=.*compare=previous/)
  await page.keyboard.press('t')
  await expect(page).toHaveURL(/\/losses\?compare=previous$/)
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/\/losses\??$/)
})

test('a meter is found and opened, with Enter pressed before the answer is there', async ({ page }) => {
  await open(page, '/?period=week')
  await page.keyboard.press('/')
  await expect(search(page)).toBeFocused()
  await page.keyboard.type('cnc 1')
  await expect(options(page).first()).toBeVisible()
  const second = options(page).nth(1)
  await page.keyboard.press('ArrowDown')
  await expect(second).toHaveAttribute('aria-selected', 'true')
  await expect(search(page)).toHaveAttribute('aria-activedescendant', (await second.getAttribute('id')) ?? '')
  await page.keyboard.press('ArrowUp')
  const name = await options(page).first().locator('.found-name').innerText()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/meters\/\d+\?period=week$/)
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await expect(search(page)).toHaveValue('')

  await page.keyboard.press('/')
  await page.keyboard.type('main grid')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Main Grid' })).toBeVisible()
})

test('the search finds pages and acts, and takes whatever is typed', async ({ page }) => {
  await open(page, '/')
  await page.keyboard.press('/')
  await page.keyboard.type('carb')
  await expect(options(page).first()).toContainText('Carbon')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/carbon$/)
  await page.keyboard.press('/')
  await page.keyboard.type('dark col')
  await expect(options(page).first()).toContainText('Dark colours')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.keyboard.press('/')
  await page.keyboard.type('auto zebra')
  await expect(page.locator('#find-said')).toContainText('Nothing has this')
  await search(page).fill('<b onclick=x>&amp;"\u{1f4a1}')
  await expect(page.locator('#find-said')).toContainText('Nothing has this')
  await page.keyboard.press('Escape')
  await expect(search(page)).toHaveValue('')
  await expect(search(page)).not.toBeFocused()
})

test('all that is found has a page, also without scripts', async ({ browser, request }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto('/?period=week')
  await search(page).fill('press')
  await search(page).press('Enter')
  await expect(page).toHaveURL(/\/find\?.*q=press/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('results for “press”')
  await page.getByRole('link', { name: /Press 01/ }).click()
  await expect(page).toHaveURL(/\/meters\/\d+\?period=week/)
  await context.close()
  const long = await request.get(`/find?q=${'x'.repeat(5_000)}`)
  expect(long.status()).toBe(200)
  expect(await long.text()).toContain('No name has 5000 letters')
})

test('keys are listed, and can be switched off for good', async ({ page }) => {
  await open(page, '/losses')
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  await expect(keys).toBeVisible()
  await expect(keys).toContainText('compare with the period before')
  await expect(keys.getByRole('button', { name: 'Close' })).toBeFocused()
  const single = keys.getByRole('checkbox', { name: 'Single keys act' })
  await tabTo(page, single)
  await page.keyboard.press('Space')
  await expect(single).not.toBeChecked()
  await page.keyboard.press('Escape')
  await expect(keys).toBeHidden()
  await go(page, 'c')
  await page.keyboard.press('w')
  await expect(page).toHaveURL(/\/losses$/)
  const response = await page.reload()
  expect(await response?.text()).toContain('data-keys="off"')
  await live(page)
  await page.keyboard.press('w')
  await page.keyboard.press('ArrowLeft')
  await expect(page).toHaveURL(/\/losses\?period=yesterday$/)
  await page.getByRole('button', { name: /^Keys/ }).click()
  await single.check()
  await page.keyboard.press('Escape')
  await page.keyboard.press('w')
  await expect(page).toHaveURL(/period=week$/)
})

test('letters go into a field while one types, and arrows move what uses them', async ({ page }) => {
  await open(page, '/meters')
  await page.getByLabel(/Filter/).first().fill('')
  await page.keyboard.type('gtcw')
  await expect(page).toHaveURL(/q=gtcw/)
  await open(page, '/meters')
  const tree = page.getByRole('treegrid')
  await tree.getByRole('row').nth(1).focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowRight')
  await expect(page).not.toHaveURL(/period=/)
})

const terms = { kind: 'threshold', channel: 'ActivePower', delaySeconds: 0, raise: 20, clear: 10, severity: 'critical' }

/** Lets an alarm be raised on the main meter. */
async function watch(page: Page, request: APIRequestContext): Promise<{ id: number }> {
  await page.goto('/find?q=main%20grid')
  const found = page.getByRole('main').getByRole('link', { name: /^Main Grid/ }).first()
  const meterId = Number(/\d+/.exec((await found.getAttribute('href')) ?? '')?.[0])
  const made = await request.post('/api/alarm-rules', { data: { ...terms, meterId } })
  return ((await made.json()) as { data: { id: number } }).data
}

test('an alarm is acknowledged', async ({ page, request }) => {
  const rule = await watch(page, request)
  try {
    await open(page, '/')
    await go(page, 'a')
    const alarm = page.locator('#alarms-open tbody tr').filter({ hasText: 'Main Grid' }).filter({ hasText: 'critical' })
    await expect(alarm).toBeVisible({ timeout: 20_000 })
    await tabTo(page, alarm.getByLabel('Note'))
    await page.keyboard.type('by keyboard')
    await page.keyboard.press('Enter')
    await expect(alarm).toContainText('by keyboard')
  } finally {
    await request.delete(`/api/alarm-rules/${rule.id}`)
  }
})

test('another site is chosen', async ({ page, request }) => {
  await neighbourhood(request)
  await open(page, '/')
  const site = page.getByRole('banner').locator('summary.site')
  await tabTo(page, site)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('banner').getByRole('link', { name: 'San Francisco' })).toBeHidden()
  await expect(site).toBeFocused()
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('banner').getByRole('link', { name: 'San Francisco' }))
  await page.keyboard.press('Enter')
  await expect(site).toContainText('San Francisco')
  await expect(page).toHaveURL(/site=world/)
})

test('who opens a page by a key begins in its content', async ({ page }) => {
  await open(page, '/')
  await go(page, 'l')
  await expect(page).toHaveURL(/\/losses$/)
  await expect(page.getByRole('main')).toBeFocused()
  await page.goBack()
  await expect(page).toHaveURL(/\/$/)
  await page.keyboard.press('Tab')
  await page.reload()
  await live(page)
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
})
