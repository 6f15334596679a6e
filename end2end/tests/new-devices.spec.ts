import { expect, open, ownTest as test } from './page'

const closed = 'http://127.0.0.1:9/'

interface Device {
  id: number
  meterNumber: string
  communication: object
}

test('a device is added with what is wrong at its field, switched off and on, and removed, and a table of them is applied', async ({ page, request }) => {
  let id = 0
  await test.step('what is wrong stands beside its field', async () => {
    await open(page, '/devices/new')
    await page.getByRole('link', { name: 'HTTP', exact: true }).click()
    await page.getByLabel('Address').fill('ftp://meter/')
    await page.getByLabel('Name', { exact: true }).fill('Furnace 03')
    await page.getByLabel('Number').fill('E2E-ADD')
    await page.getByRole('button', { name: 'Check' }).click()
    const field = page.locator('.form-field').filter({ has: page.getByLabel('Address') })
    await expect(field.locator('.field-fault')).toContainText('http://')
  })
  await test.step('it is saved, and its token is neither in the address nor told', async () => {
    await page.getByLabel('Address').fill(closed)
    await page.getByRole('button', { name: 'Check' }).click()
    await expect(page.getByRole('heading', { name: 'All settings fit' })).toBeVisible()
    await page.getByLabel('Token').fill('secret-token')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.locator('.done').filter({ hasText: 'E2E-ADD is saved' })).toBeVisible()
    expect(page.url()).not.toContain('secret-token')
    const { data } = (await (await request.get('/api/devices')).json()) as { data: Device[] }
    const made = data.find(({ meterNumber }) => meterNumber === 'E2E-ADD')
    expect(made?.communication).toEqual({ url: closed })
    id = made?.id ?? 0
  })
  await test.step('switched off, and on again by the undo', async () => {
    await open(page, `/devices/${id}`)
    expect(await page.content()).not.toContain('secret-token')
    await page.getByRole('button', { name: 'Switch off' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('switched off')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('button', { name: 'Switch off' })).toBeVisible()
  })
  await test.step('removed without its meter', async () => {
    await page.getByText('Remove', { exact: true }).click()
    await expect(page.getByText('The meter and all its readings stay')).toBeVisible()
    await page.getByRole('button', { name: 'Remove the device' }).click()
    await expect(page).toHaveURL(/\/devices$/)
    await expect(page.locator('.done').filter({ hasText: 'removed' })).toBeVisible()
    expect((await request.get(`/api/devices/${id}`)).status()).toBe(404)
    expect((await request.get(`/api/Energy/meters/${id}`)).status()).toBe(200)
  })
  await test.step('a table of them is looked at line by line before it is applied', async () => {
    const table = (rows: string) => ({
      name: 'devices.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`meterNumber,meterName,protocol,url\n${rows}`),
    })
    const check = async (rows: string) => {
      await page.getByLabel('Table, CSV in UTF-8').setInputFiles(table(rows))
      await page.getByRole('button', { name: 'Check the table' }).click()
    }
    await open(page, '/devices/import')
    await check('E2E-CSV,From a table,http,nowhere\n')
    await expect(page.getByRole('heading', { level: 1 })).toContainText('1 line is refused')
    await expect(page.getByRole('row').filter({ hasText: 'E2E-CSV' })).toContainText('url: ')
    await expect(page.getByRole('button', { name: 'Apply all lines' })).toHaveCount(0)
    await check(`E2E-CSV,From a table,http,${closed}\n`)
    await expect(page.getByRole('heading', { level: 1 })).toContainText('1 new')
    await page.getByRole('button', { name: 'Apply all lines' }).click()
    await expect(page.locator('.done').filter({ hasText: '1 new' })).toBeVisible()
  })
})
