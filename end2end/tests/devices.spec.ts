import { accessibility, expect, fitsItsWidth, open, test } from './page'

const closed = { protocol: 'http', url: 'http://127.0.0.1:9/' }

test('the devices of the plant are read, and each says how', async ({ page }) => {
  await open(page, '/devices')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/devices (are|is)/)
  const row = page.locator('.device-list tbody tr').filter({ hasText: 'Main Grid' })
  await expect(row).toContainText('read')
  await row.getByRole('link').click()
  await expect(page).toHaveURL(/\/devices\/\d+/)
  await expect(page.locator('#device-health')).toContainText('Answers')
  const power = page.locator('#device-channels').getByRole('row', { name: /^grid\/ActivePower \d/ })
  await expect(power).toContainText('good')
  await page.getByRole('button', { name: 'Read now' }).click()
  await expect(page.locator('#device-probe')).toContainText(/It answered in \d+ ms/)
})

test('a device is found by a part of its name', async ({ page }) => {
  await open(page, '/devices')
  const rows = page.locator('.device-list tbody tr')
  const all = await rows.count()
  await page.getByPlaceholder('Name, number, address, profile').fill('main grid')
  await page.getByRole('button', { name: 'Find', exact: true }).click()
  await expect(page).toHaveURL(/q=main\+grid/)
  expect(await rows.count()).toBeLessThan(all)
  await expect(rows.first()).toContainText('Main Grid')
  await page.locator('#only-online').click()
  await expect(page).toHaveURL(/state=online/)
  await expect(page.getByRole('searchbox', { name: 'Find' })).toHaveValue('main grid')
  await expect(rows.first()).toContainText('Main Grid')
})

test('a broker that cannot be asked what it announces is named', async ({ page }) => {
  await open(page, '/devices/new?protocol=mqtt')
  await page.getByLabel('Host').fill('127.0.0.1')
  await page.getByLabel('Port').fill('9')
  await page.getByRole('button', { name: 'See what the broker announces' }).click()
  await expect(page.locator('#device-announced')).toContainText('127.0.0.1:9')
})

test('a meter is added step by step, with what is wrong beside its field', async ({ page, request }) => {
  await open(page, '/devices/new')
  await page.getByRole('link', { name: 'HTTP', exact: true }).click()
  await page.getByLabel('Address').fill('ftp://meter/')
  await page.getByLabel('Name', { exact: true }).fill('Furnace 03')
  await page.getByLabel('Number').fill('E2E-ADD')
  await page.getByRole('button', { name: 'Check' }).click()
  const field = page.locator('.form-field').filter({ has: page.getByLabel('Address') })
  await expect(field.locator('.field-fault')).toContainText('http://')
  await page.getByLabel('Address').fill(closed.url)
  await page.getByRole('button', { name: 'Check' }).click()
  await expect(page.getByRole('heading', { name: 'All settings fit' })).toBeVisible()
  await page.getByLabel('Token').fill('secret-token')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.locator('.done').filter({ hasText: 'E2E-ADD is saved' })).toBeVisible()
  expect(page.url()).not.toContain('secret-token')
  const listed = await (await request.get('/api/devices')).json()
  const made = listed.data.find((device: { meterNumber: string }) => device.meterNumber === 'E2E-ADD')
  expect(made.communication).toEqual({ url: closed.url })
  await request.delete(`/api/Energy/meters/${made.id}`)
})

test('a device is switched off, on again by the undo, and removed without its meter', async ({ page, request }) => {
  const body = { name: 'E2E switch', meterType: 'zone', protocol: 'http', communication: { url: closed.url } }
  const made = (await (await request.post('/api/energy-meters', { data: body })).json()).data
  const id = made.id.replace('meter_', '')
  await open(page, `/devices/${id}`)
  await page.getByRole('button', { name: 'Switch off' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('switched off')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: 'Switch off' })).toBeVisible()
  await page.getByText('Remove', { exact: true }).click()
  await expect(page.getByText('The meter and all its readings stay')).toBeVisible()
  await page.getByRole('button', { name: 'Remove the device' }).click()
  await expect(page.locator('.done').filter({ hasText: 'removed' })).toBeVisible()
  expect((await request.get(`/api/devices/${id}`)).status()).toBe(404)
  expect((await request.get(`/api/Energy/meters/${id}`)).status()).toBe(200)
  await request.delete(`/api/Energy/meters/${id}`)
})

test('a table is looked at line by line before it is applied', async ({ page, request }) => {
  const table = (rows: string) => ({
    name: 'devices.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`meterNumber,meterName,protocol,url\n${rows}`),
  })
  await open(page, '/devices/import')
  await page.getByLabel('Table, CSV in UTF-8').setInputFiles(table('E2E-CSV,From a table,http,nowhere\n'))
  await page.getByRole('button', { name: 'Check the table' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('1 line is refused')
  await expect(page.getByRole('row').filter({ hasText: 'E2E-CSV' })).toContainText('url: ')
  await expect(page.getByRole('button', { name: 'Apply all lines' })).toHaveCount(0)

  await page.getByLabel('Table, CSV in UTF-8').setInputFiles(table(`E2E-CSV,From a table,http,${closed.url}\n`))
  await page.getByRole('button', { name: 'Check the table' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('1 new')
  await page.getByRole('button', { name: 'Apply all lines' }).click()
  await expect(page.locator('.done').filter({ hasText: '1 new' })).toBeVisible()
  const listed = await (await request.get('/api/devices')).json()
  const made = listed.data.find((device: { meterNumber: string }) => device.meterNumber === 'E2E-CSV')
  await request.delete(`/api/Energy/meters/${made.id}`)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })
    test('what was checked of a new device has no accessibility fault and fits a phone', async ({ page }) => {
      await open(page, '/devices/new?protocol=modbus&host=h&check=1')
      expect(await accessibility(page)).toEqual([])
      await page.setViewportSize({ width: 390, height: 844 })
      await fitsItsWidth(page)
    })
  })
}
