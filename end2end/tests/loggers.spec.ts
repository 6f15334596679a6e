import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, open, test } from './page'

const serial = '001EC6000E2E'
const password = 'upload-secret'
const log = gzipSync("'2026-05-01 00:15:00',0,0x00,0x00,100.5,2.25\r\n'2026-05-01 00:30:00',0,0x00,0x00,one,2.5\r\n")

const points = 'POINT00NAME=Energy Consumption\r\nPOINT00UNITS=kWh\r\nPOINT01NAME=Real Power\r\nPOINT01UNITS=kW\r\n'

const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer })
const known = (password: string) => ({ SERIALNUMBER: serial, PASSWORD: password, MODBUSDEVICE: '7' })

/** A log file of the device 7, as the logger sends it. */
const upload = (password: string) => ({
  multipart: {
    ...known(password),
    MODE: 'LOGFILEUPLOAD',
    MD5CHECKSUM: createHash('md5').update(log).digest('hex'),
    LOGFILE: file('mb-007.log.gz', log),
  },
})

/** The list of the points of the device 7. */
const configuration = {
  multipart: {
    ...known(password),
    MODE: 'CONFIGFILEUPLOAD',
    FILETIME: '2026-04-30 12:00:00',
    CONFIGFILE: file('modbus/mb-007.ini', Buffer.from(points)),
  },
}

test.afterEach(async ({ request }) => {
  await request.delete(`/api/acquisuite/loggers/${serial}`)
  await request.delete(`/api/Energy/meters/${serial}_7`)
})

test('a logger is added, uploads, and what was refused is seen', async ({ page, request }) => {
  await open(page, '/loggers')
  const form = page.locator('#logger-form form').first()
  await form.getByLabel('Serial number').fill(serial)
  await form.getByLabel('Upload password').fill(password)
  await form.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText(`Logger ${serial} is added`)).toBeVisible()
  const row = page.locator('tbody tr').filter({ hasText: serial })
  await expect(row).toContainText('never')

  const early = await request.post('/acquisuite/upload', upload(password))
  expect(await early.text()).toContain('FAILURE: the points of device 7 are not known')
  expect(await (await request.post('/acquisuite/upload', configuration)).text()).toMatch(/^SUCCESS$/m)
  const right = await request.post('/acquisuite/upload', upload(password))
  expect(await right.text()).toMatch(/^SUCCESS$/m)
  const wrong = await request.post('/acquisuite/upload', upload('another-secret'))
  expect(wrong.status()).toBe(401)
  expect(await wrong.text()).toContain('FAILURE')

  await open(page, '/loggers')
  await expect(row).not.toContainText('never')
  await expect(row.getByRole('link', { name: `${serial}_7` })).toBeVisible()
  await expect(row.locator('.logger-problem')).toContainText('password')
  await expect(row.locator('.logger-problem')).toContainText('point 0 is no number')

  await row.getByRole('link', { name: 'Change' }).click()
  await expect(page.getByRole('heading', { name: `Change ${serial}` })).toBeVisible()
  await page.getByText('Remove', { exact: true }).click()
  await page.getByRole('button', { name: 'Remove now' }).click()
  await expect(page.getByText(`Logger ${serial} is removed`)).toBeVisible()
  expect((await request.post('/acquisuite/upload', upload(password))).status()).toBe(401)
})
