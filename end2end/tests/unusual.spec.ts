import { expect, live, open, test } from './page'

const CENTURY = 'period=custom&from=1926-01-01&to=2026-01-01'

/** Addresses as links grow old, and what each page says of them. */
const STRANGE = [
  { path: '/meters?meter=999999', says: 'no such meter as 999999' },
  { path: '/losses?node=999999', says: 'no such node as 999999' },
  { path: '/history?series=999999.power', says: 'There is no meter 999999' },
  { path: '/?period=fortnight', says: '“fortnight” is no period' },
  { path: `/losses?${CENTURY}`, says: 'choose ten years at most' },
  { path: `/carbon?${CENTURY}`, says: 'choose ten years at most' },
  { path: `/meters?${CENTURY}`, says: 'choose ten years at most' },
  { path: `/meters/1?${CENTURY}`, says: 'choose ten years at most' },
  { path: `/sites?${CENTURY}`, says: 'choose ten years at most' },
  { path: '/reports/9999-12', says: 'has not begun' },
]

for (const { path, says } of STRANGE) {
  test(`${path} says what is strange about it`, async ({ page }) => {
    await open(page, path)
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
    await expect(page.getByRole('main')).toContainText(says)
  })
}

for (const path of ['/meters/999999', '/devices/999999', '/bills/2001-01-0001', '/?site=nowhere']) {
  test(`${path} is not found, and leads on`, async ({ page, complaints }) => {
    const response = await page.goto(path)
    expect(response?.status()).toBe(404)
    const main = page.getByRole('main')
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(main.getByRole('link').first()).toBeVisible()
    // The browser remarks on the status of the page itself.
    expect(complaints.filter((text) => !text.includes('404 (Not Found)'))).toEqual([])
    complaints.length = 0
  })
}

for (const path of ['/losses', '/meters', '/meters/1', '/']) {
  test(`${path} refuses a century in words when it is chosen there, and goes on`, async ({ page }) => {
    await open(page, path)
    const period = page.getByRole('navigation', { name: 'Period' })
    await period.getByText('Custom', { exact: true }).click()
    await period.getByLabel('From', { exact: true }).fill('1926-01-01')
    await period.getByLabel('To', { exact: true }).fill('2026-01-01')
    await period.getByRole('button', { name: 'Show' }).click()
    await expect(page.getByRole('main')).toContainText('choose ten years at most')
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
    await period.getByRole('link', { name: 'Yesterday' }).click()
    await expect(page.getByRole('main')).not.toContainText('choose ten years at most')
  })
}

test('ten thousand series are cut short with a sentence', async ({ page }) => {
  const series = Array.from({ length: 10_000 }, (_, i) => `${(i % 92) + 1}.${i % 2 ? 'power' : 'energy'}`)
  await open(page, '/')
  // As a script of somebody else's would ask: no address of a browser is as long.
  const answer = await page.request.get(`/history?series=${series.join('_')}`)
  expect([200, 414, 431]).toContain(answer.status())
  await open(page, `/history?series=${series.slice(0, 400).join('_')}`)
  await expect(page.getByRole('list', { name: 'What is not shown' })).toContainText('at most')
})

test('a site whose zone moved shows the same day in the new one', async ({ page, request }) => {
  const site = { slug: 'moving', name: 'Moving', kind: 'live', timeZone: 'Pacific/Auckland', currency: 'EUR' }
  expect((await request.post('/api/sites', { data: site })).ok()).toBe(true)
  const meter = { name: 'Main', location: 'here', meterType: 'grid', protocol: 'mqtt', communication: { topicPower: 'moving/power' } }
  expect((await request.post('/api/energy-meters?site=moving', { data: meter })).status()).toBe(201)
  const day = '/losses?site=moving&period=custom&from=2026-03-28&to=2026-03-29'
  // What the program knows follows what was stored within a moment.
  await expect.poll(async () => (await request.get(day)).status()).toBe(200)
  await open(page, day)
  await expect(page.getByText('Pacific/Auckland')).toBeVisible()
  expect((await request.patch('/api/sites/moving', { data: { timeZone: 'Europe/Berlin' } })).ok()).toBe(true)
  await page.reload()
  await live(page)
  await expect(page.getByText('Europe/Berlin')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page).toHaveURL(/from=2026-03-28&to=2026-03-29/)
})
