import { expect, live, neighbourhood, open, test } from './page'

const clock = '.live-time'

test('another site is chosen in the top bar, and every link stays on it', async ({ page, request }) => {
  await neighbourhood(request)
  await open(page, '/?period=week')
  const top = page.getByRole('banner')
  const before = await top.locator('summary.site').innerText()
  await top.locator('summary.site').click()
  await top.getByRole('link', { name: 'San Francisco' }).click()
  await expect(top.locator('summary.site')).toContainText('San Francisco')
  await live(page)
  for (const place of ['Meters', 'Losses', 'Carbon', 'Overview']) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place }).click()
    await expect(page).toHaveURL(/[?&]site=world/)
    await expect(top.locator('summary.site')).toContainText('San Francisco')
  }
  await top.locator('summary.site').click()
  await top.getByRole('link', { name: before.split('\n')[0] }).click()
  await expect(top.locator('summary.site')).toHaveText(before.replace('\n', ''))
  await expect(page).not.toHaveURL(/site=/)
})

test('the foot of the rail tells the time of a world, which runs fast', async ({ page, request }) => {
  await neighbourhood(request)
  await open(page, '/?site=world')
  await expect(page.locator('.live-words')).toHaveText('Simulated clock')
  await expect(page.locator('.live-zone')).toContainText('America/Los_Angeles')
  const first = await page.locator(clock).innerText()
  expect(first).toMatch(/\d{4}, \d\d:\d\d$/)
  await expect(page.locator(clock)).not.toHaveText(first)
})

test('a clock that someone stopped says so, and goes on', async ({ page, request }) => {
  await neighbourhood(request)
  await open(page, '/?site=world')
  const set = (paused: boolean) => request.post('/simulation-time', { data: { paused } })
  await set(true)
  await expect(page.locator('.live-words')).toHaveText('Simulated clock, paused')
  const stands = await page.locator(clock).innerText()
  await set(false)
  await expect(page.locator('.live-words')).toHaveText('Simulated clock')
  await expect(page.locator(clock)).not.toHaveText(stands)
})

test('the page of a meter shows its own site', async ({ page, request }) => {
  await neighbourhood(request)
  const answer = await request.get('/api/Energy/meters/number:HH-0147?site=world')
  const { data } = (await answer.json()) as { data: { id: number; meterName: string } }
  await open(page, `/meters/${data.id}`)
  await expect(page.getByRole('heading', { level: 1, name: data.meterName })).toBeVisible()
  await expect(page.getByRole('banner').locator('summary.site')).toContainText('San Francisco')
})
