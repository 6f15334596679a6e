import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Locator, Page } from '@playwright/test'
import { Peers, curl } from '../peers/peers'
import { expect, live, open, ownTest as test, rows } from './page'

let peers: Peers
test.beforeAll(async () => {
  peers = await Peers.start()
})
test.afterAll(() => peers.stop())

const serial = '001EC6000A10'

/** A device of the list of known ones. */
function known(page: Page, model: string, protocol: string): Locator {
  const rows = page.getByRole('row').filter({ hasText: model })
  return rows.filter({ has: page.getByRole('cell', { name: protocol, exact: true }) }).getByRole('link')
}

/** Adds a meter step by step; each of the values must come in the trial read before it is saved. */
async function add(page: Page, kind: Locator, fields: Record<string, string>, trial: Record<string, string>) {
  await open(page, '/devices')
  await page.getByRole('link', { name: 'Add a meter' }).click()
  await kind.click()
  for (const [label, value] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: true }).fill(value)
  }
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'All settings fit' })).toBeVisible()
  await page.getByRole('button', { name: 'Read now' }).click()
  const probe = page.locator('#device-probe')
  await expect(probe).toContainText(/It answered in \d+ ms/)
  for (const [field, value] of Object.entries(trial)) {
    const row = probe.locator('.device-facts tr').filter({ hasText: field })
    await expect(row.getByRole('cell')).toHaveText(value)
  }
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.locator('.done').filter({ hasText: `${fields['Number']} is saved` })).toBeVisible()
}

/** The device is read, and so says the list. */
async function isRead(page: Page, name: string, powerKw: string) {
  await open(page, '/devices')
  const row = page.locator('.device-list tbody tr').filter({ hasText: name })
  await expect(row.getByRole('cell').first()).toContainText('read', { timeout: 30_000 })
  await expect(row.getByRole('cell').nth(3)).toHaveText(powerKw)
  await row.getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${name}: read`)
  await page.getByRole('link', { name: 'The meter', exact: true }).click()
}

/** The newest values on the page of a meter, each of good quality. */
async function shows(page: Page, name: string, values: Record<string, string[]>) {
  await expect(page).toHaveURL(/\/meters\/\d+/)
  await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible()
  const channels = page.getByRole('table').filter({ hasText: 'Channel' })
  for (const [channel, cells] of Object.entries(values)) {
    const row = channels.getByRole('row', { name: new RegExp(`^${channel}`) }).getByRole('cell')
    await expect(row.nth(4)).toContainText('good')
    expect((await row.allInnerTexts()).slice(0, 4), channel).toEqual(cells)
  }
}

/** A meter of another maker: what is typed to add it, and what its trial read and its page then say. */
interface Meter {
  protocol: string
  kind: (page: Page) => Locator
  fields: { Name: string } & Record<string, string>
  trial: Record<string, string>
  powerKw: string
  shows: Record<string, string[]>
}

const others = (): Meter[] => [
  {
    protocol: 'Modbus',
    kind: (page) => known(page, 'SDM630-Modbus', 'Modbus'),
    fields: { Host: '127.0.0.1', Port: String(peers.modbus), Unit: '3', Name: 'Mixed feeder', Number: 'MIX-MODBUS' },
    trial: { activePowerKw: '38.800', energyImportKwh: '48,213.500' },
    powerKw: '38.8',
    shows: {
      'Voltage L–N': ['231.5', '229.0', '230.0', ''],
      'Active power': ['13.5', '12.2', '13.1', '38.8'],
      'Import register': ['', '', '', '48,213.5'],
      'Export register': ['', '', '', '12.25'],
    },
  },
  {
    protocol: 'a stock MQTT broker',
    kind: (page) => known(page, 'Shelly Pro 3EM, Shelly 3EM-63', 'MQTT'),
    fields: {
      Host: '127.0.0.1',
      Port: String(peers.broker),
      Device: 'shellypro3em-mixed',
      Name: 'Mixed workshop',
      Number: 'MIX-MQTT',
    },
    trial: { activePowerKw: '2.462', energyImportKwh: '26.500' },
    powerKw: '2.5',
    shows: {
      'Active power': ['0.81', '0.64', '1.01', '2.46'],
      'Import register': ['', '', '', '26.5'],
      'Export register': ['', '', '', '131.875'],
    },
  },
  {
    protocol: 'HTTP',
    kind: (page) => page.getByRole('link', { name: 'HTTP', exact: true }),
    fields: { Address: `http://127.0.0.1:${peers.web}/status`, Name: 'Mixed chiller', Number: 'MIX-HTTP' },
    trial: { activePowerKw: '18.200', totalEnergyKwh: '4,211.500', powerFactor: '0.950' },
    powerKw: '18.2',
    shows: {
      'Active power': ['', '', '', '18.2'],
      Frequency: ['', '', '', '50.02'],
      'Total register': ['', '', '', '4,211.5'],
    },
  },
]

test('meters of other makers are added and read, over Modbus, a stock MQTT broker and HTTP', async ({ page }) => {
  const power = { id: 0, a_act_power: 812, b_act_power: 640, c_act_power: 1010, total_act_power: 2462 }
  const energy = { id: 0, total_act: 26500, total_act_ret: 131875 }
  peers.publish('shellypro3em-mixed/events/rpc', () => {
    const params = { ts: Date.now() / 1000, 'em:0': power, 'emdata:0': energy }
    return { src: 'shellypro3em-mixed', method: 'NotifyFullStatus', params }
  })
  for (const { protocol, kind, fields, trial } of others()) {
    await test.step(`one over ${protocol} is added`, () => add(page, kind(page), fields, trial))
  }
  for (const { protocol, fields, powerKw, shows: values } of others()) {
    await test.step(`the one over ${protocol} is read`, async () => {
      await isRead(page, fields.Name, powerKw)
      await shows(page, fields.Name, values)
    })
  }
})

// What somebody may call a site, a meter or a device who would rather run something in the browser of whoever looks at it.
const HOSTILE = `=1+1"'></textarea></title></td><img src=x onerror="window.hostile=1"><script>window.hostile=1</script>`
const hostile = 'hostile'

// What the server draws is checked without a browser; here is what a browser draws itself.
test('a meter that announces itself on the broker is chosen, and hostile names are words wherever the browser draws them', async ({ page, request }) => {
  const device = { identifiers: ['press'], name: HOSTILE, manufacturer: HOSTILE, model: HOSTILE }
  const sensor = { name: HOSTILE, unique_id: 'press-power', state_topic: 'press/power', device_class: 'power', unit_of_measurement: 'W' }
  const harmless = async () => {
    expect(await page.locator('img[src="x"], img[onerror], script:text("hostile=1")').count()).toBe(0)
    expect(await page.evaluate(() => 'hostile' in window)).toBe(false)
  }
  await open(page, '/devices/new?protocol=mqtt')
  const host = page.getByLabel('Host', { exact: true })
  const port = page.getByLabel('Port', { exact: true })
  const announced = page.locator('#device-announced')
  await test.step('a broker that cannot be asked is named', async () => {
    await host.fill('127.0.0.1')
    await port.fill('9')
    await page.getByRole('button', { name: 'See what the broker announces' }).click()
    await expect(announced).toContainText('127.0.0.1:9')
  })
  await test.step('what a broker announces fills the form', async () => {
    peers.publish('homeassistant/sensor/press/power/config', () => ({ ...sensor, device }))
    await host.fill('127.0.0.1')
    await port.fill(String(peers.broker))
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByRole('button', { name: 'See what the broker announces' }).click()
    await expect(announced).toContainText('press/power')
    await harmless()
    await announced.getByRole('button').first().click()
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue(HOSTILE)
    await live(page)
    await harmless()
    await page.getByLabel('Name', { exact: true }).fill('Press')
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'All settings fit' })).toBeVisible()
  })
  await test.step('a site and its meters have hostile names', async () => {
    const send = async (path: string, data: unknown) => {
      const answer = await request.post(path, { data })
      expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
    }
    await send('/api/sites', { slug: hostile, name: HOSTILE })
    for (const [meterNumber, parentMeterNumber] of [['H-1', undefined], ['H-2', 'H-1']]) {
      const meter = { meterNumber, parentMeterNumber, meterName: HOSTILE, meterType: 'Machine', area: HOSTILE }
      await send(`/api/Energy/meters?site=${hostile}`, meter)
      const reading = { timestamp: new Date().toISOString(), activePowerKw: 12, totalEnergyKwh: 1_000 }
      await send(`/api/Energy/meters/number:${meterNumber}/readings?site=${hostile}`, [reading])
    }
    await expect.poll(async () => (await request.get(`/meters?site=${hostile}`)).status()).toBe(200)
  })
  const places = [
    ['/', page.getByRole('banner')],
    ['/alarms', page.getByRole('banner')],
    ['/meters', rows(page).first()],
  ] as const
  for (const [path, named] of places) {
    await test.step(path, async () => {
      await open(page, `${path}?site=${hostile}`)
      await expect(named).toContainText('</textarea>')
      await harmless()
    })
  }
  await test.step('the search and the meter that it finds', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('img')
    await expect(page.getByRole('option').first()).toContainText('</textarea>')
    await harmless()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toContainText('</textarea>')
    await harmless()
  })
})

test('a logger is added, uploads through curl, what was refused is seen, and it is removed', async ({ page, baseURL }, info) => {
  const password = 'mixed-upload'
  const row = page.getByRole('row').filter({ hasText: serial })
  const points = ['Energy Consumption,kWh', 'Real Power,kW', 'Voltage phase A,Volts'].map((point, number) => {
    const [name, unit] = point.split(',')
    return `POINT0${number}NAME=${name}\r\nPOINT0${number}UNITS=${unit}\r\n`
  })
  const minute = (ago: number) => new Date(Date.now() - ago * 60_000).toISOString().slice(0, 16).replace('T', ' ')
  const line = (ago: number, values: string) => `'${minute(ago)}:00',0,0x00,0x00,${values}\r\n`
  const file = (name: string, content: string | Buffer) => {
    const path = info.outputPath(name)
    writeFileSync(path, content)
    return path
  }
  const upload = (password: string, ...fields: string[]) =>
    curl(`${baseURL}/acquisuite/upload`, [`SERIALNUMBER=${serial}`, `PASSWORD=${password}`, 'MODBUSDEVICE=12', ...fields])
  const log = (name: string, lines: string, password = 'mixed-upload') => {
    const content = gzipSync(lines)
    const md5 = createHash('md5').update(content).digest('hex')
    return upload(password, 'MODE=LOGFILEUPLOAD', `MD5CHECKSUM=${md5}`, `LOGFILE=@${file(name, content)}`)
  }
  const good = line(2, '90210.25,41.5,229.5') + line(1, '90211.0,45.5,230.0')

  await test.step('it is added', async () => {
    await open(page, '/loggers')
    const form = page.locator('#logger-form form').first()
    await form.getByLabel('Serial number').fill(serial)
    await form.getByLabel('Upload password').fill(password)
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(page.getByText(`Logger ${serial} is added`)).toBeVisible()
    await expect(row).toContainText('never')
  })
  await test.step('its uploads are on the page of its meter', async () => {
    expect(log('early.gz', good)).toContain('FAILURE: the points of device 12 are not known')
    const ini = file('mb-012.ini', points.join(''))
    expect(upload(password, 'MODE=CONFIGFILEUPLOAD', `CONFIGFILE=@${ini};filename=modbus/mb-012.ini`)).toMatch(/^SUCCESS$/m)
    expect(log('mb-012.log.gz', good)).toMatch(/^SUCCESS$/m)
    await open(page, '/loggers')
    await expect(row.getByRole('cell').nth(2)).toHaveText('2')
    await row.getByRole('link', { name: `${serial}_12` }).click()
    await shows(page, `${serial} device 12`, {
      'Voltage L–N': ['230.0', '', '', ''],
      'Active power': ['', '', '', '45.5'],
      'Total register': ['', '', '', '90,211'],
    })
  })
  await test.step('what was refused is seen', async () => {
    expect(log('wrong.gz', line(0, 'one,45.5,230.0'))).toMatch(/^SUCCESS$/m)
    expect(log('other.gz', good, 'another-secret')).toContain('FAILURE')
    await open(page, '/loggers')
    await expect(row.locator('.logger-problem')).toContainText('password')
    await expect(row.locator('.logger-problem')).toContainText('point 0 is no number')
  })
  await test.step('it is removed, and uploads no more', async () => {
    await row.getByRole('link', { name: 'Change' }).click()
    await expect(page.getByRole('heading', { name: `Change ${serial}` })).toBeVisible()
    await page.getByText('Remove', { exact: true }).click()
    await page.getByRole('button', { name: 'Remove now' }).click()
    await expect(page.getByText(`Logger ${serial} is removed`)).toBeVisible()
    expect(log('late.gz', good)).toContain('FAILURE')
  })
})
