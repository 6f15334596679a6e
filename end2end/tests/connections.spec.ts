import { accessibility, expect, fitsItsWidth, open, test } from './page'

const asked = {
  type: 'prosumer',
  requested_consumption_kW: 7.25,
  requested_production_kW: 3.5,
  latitude: 37.7499,
  longitude: -122.4301,
}

test('a connection is listed, filtered, found on the map, and withdrawn with what it frees', async ({ page, request }) => {
  const made = await (await request.post('/connection', { data: asked })).json()
  expect(made.status).toBe('approved')
  await open(page, '/connections')
  const row = page.locator(`#connection-${made.id}`)
  await expect(row).toContainText('Connected')
  await expect(row).toContainText('7.25')
  await expect(row).toContainText(made.assigned_transformer)

  await row.getByText('Withdraw', { exact: true }).click()
  await expect(row).toContainText('This frees 7.25 kW of consumption and 3.5 kW of production')
  await row.getByRole('button', { name: 'Withdraw now' }).click()
  await expect(row).toContainText('Withdrawn')
  await expect(page.locator('.done').filter({ hasText: 'free again' })).toBeVisible()

  await page.getByRole('navigation', { name: 'States' }).getByRole('link', { name: /^Withdrawn/ }).click()
  await expect(page).toHaveURL(/status=withdrawn/)
  await expect(row).toBeVisible()
  await row.getByRole('link', { name: 'Map' }).click()
  await expect(page.getByLabel('Location')).toHaveValue('37.74990, -122.43010')
  await expect(page.getByLabel('Consumption')).toHaveValue('7.25')
})

test('a rejected request is kept with its reason', async ({ page, request }) => {
  const data = { ...asked, requested_consumption_kW: 1_000_000 }
  const made = await (await request.post('/connection', { data })).json()
  expect(made.status).toBe('rejected')
  await open(page, '/connections?status=rejected')
  await expect(page.getByRole('row').filter({ hasText: '1,000,000.0' }).first()).toContainText(made.reason)
})

test('the list is there as CSV', async ({ page, request }) => {
  await request.post('/connection', { data: asked })
  await open(page, '/connections')
  const href = await page.getByRole('link', { name: 'CSV' }).getAttribute('href')
  const answer = await request.get(href!)
  expect(answer.headers()['content-type']).toContain('text/csv')
  expect((await answer.text()).split('\n')[0]).toContain('requested_consumption_kW')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })
    test('connections have no accessibility fault', async ({ page, request }) => {
      await request.post('/connection', { data: asked })
      await open(page, '/connections')
      expect(await accessibility(page)).toEqual([])
    })
  })
}

test.describe('phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })
  test('connections fit a phone', async ({ page, request }) => {
    await request.post('/connection', { data: asked })
    await open(page, '/connections')
    await fitsItsWidth(page)
  })
})
