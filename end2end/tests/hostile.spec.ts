import type { APIRequestContext, Page } from '@playwright/test'
import { Installation } from '../peers/program'
import { Peers } from '../peers/peers'
import { expect, live, open, test } from './page'

// What somebody may call a meter who would rather run something in the browser of whoever looks at it.
const HOSTILE = `=1+1"'></textarea></title></td><img src=x onerror="window.hostile=1"><script>window.hostile=1</script>`

let own: Installation
let peers: Peers
/** The ids of the meters H-1 and H-2, and of one that is read over HTTP. */
let ids: [number, number, number]
test.beforeAll(async ({ playwright }) => {
  test.setTimeout(180_000)
  own = await Installation.start('hostile')
  peers = await Peers.start()
  const request = await playwright.request.newContext({ baseURL: own.url })
  await fill(request)
  await request.dispose()
})
test.afterAll(async () => {
  await peers.stop()
  await own.stop()
})

async function send(request: APIRequestContext, method: 'post' | 'patch', path: string, data: unknown) {
  const answer = await request[method](path, { data })
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
  return (await answer.json()).data
}

/** Everything that takes words is given those. */
async function fill(request: APIRequestContext): Promise<void> {
  await send(request, 'patch', '/api/sites/default', { name: HOSTILE })
  const of = (meterNumber: string, rest: object) => ({ meterNumber, meterName: HOSTILE, meterType: 'Grid', area: HOSTILE, ...rest })
  const main = await send(request, 'post', '/api/Energy/meters', of('H-1', { ratedPowerKw: 100 }))
  const load = await send(request, 'post', '/api/Energy/meters', of('H-2', { meterType: 'Machine', parentMeterNumber: 'H-1' }))
  const begun = Date.now() - 3 * 3_600_000
  for (const [number, kw] of [['H-1', 12], ['H-2', 8]] as const) {
    const reading = (_: unknown, n: number) => ({
      timestamp: new Date(begun + n * 300_000).toISOString(),
      activePowerKw: kw,
      totalEnergyKwh: 1_000 + (kw * n) / 12,
    })
    await send(request, 'post', `/api/Energy/meters/${number}/readings`, Array.from({ length: 36 }, reading))
  }
  const timestamp = new Date(begun + 3_600_000).toISOString()
  const exchange = { timestamp, oldFinalKwh: 1_008, newInitialKwh: 1_008, reason: HOSTILE }
  await send(request, 'post', '/api/Energy/meters/H-2/exchanges', exchange)
  await send(request, 'post', '/api/Energy/meters/H-1/unmetered', { validFrom: timestamp, powerKw: 1, reason: HOSTILE })
  const correction = { timestamp: new Date(begun + 300_000).toISOString(), field: 'activePowerKw', value: 7, reason: HOSTILE }
  await send(request, 'post', '/api/Energy/meters/H-2/corrections', correction)
  const topics = { activePowerKw: { topic: HOSTILE.replaceAll(/[+#]/g, '') } }
  const mqtt = { host: '127.0.0.1', port: peers.broker, channels: topics }
  await request.post('/api/energy-meters', { data: { name: HOSTILE, meterType: 'zone', protocol: 'mqtt', communication: mqtt } })
  const http = { url: 'http://127.0.0.1:9/%22%3E%3Cimg%20src=x%3E' }
  const read = await send(request, 'post', '/api/energy-meters', { name: HOSTILE, meterType: 'zone', protocol: 'http', communication: http })
  ids = [main.id, load.id, Number(read.id.replace('meter_', ''))]
  await request.post('/acquisuite/upload', {
    multipart: {
      MODE: 'LOGFILEUPLOAD',
      SERIALNUMBER: '001EC6000BAD',
      PASSWORD: 'secret',
      LOOPNAME: HOSTILE,
      MODBUSDEVICENAME: HOSTILE,
      LOGFILE: { name: HOSTILE, mimeType: 'text/plain', buffer: Buffer.from(HOSTILE) },
    },
  })
}

/** An address with the ids in place of the words for them. */
function filled(path: string): string {
  const [main, load, read] = ids.map(String)
  return path.replaceAll('MAIN', main).replaceAll('LOAD', load).replaceAll('READ', read)
}

const PAGES = [
  '/',
  '/meters',
  '/meters?view=heatmap',
  '/meters?view=map',
  '/meters?meter=MAIN',
  '/meters/MAIN',
  '/meters/LOAD/registers',
  '/meters/LOAD/corrections',
  '/meters/MAIN/children',
  '/meters/LOAD/raw',
  '/losses',
  '/losses?by=area',
  '/losses?by=trend',
  '/carbon',
  '/history?series=MAIN.power_LOAD.energy',
  '/reports',
  '/alarms',
  '/devices',
  '/devices/READ',
  '/devices/new?meter=READ',
  '/loggers',
  '/sites',
  '/grid',
  '/connections',
  '/bills',
  '/trades',
  '/energy',
  '/simulator',
  '/help',
  '/sites/new',
  '/devices/import',
  '/start',
  '/find?q=img',
  '/settings',
  '/settings/site',
  '/settings/areas',
  '/settings/meters',
  '/settings/configuration',
]

for (const path of PAGES) {
  test(`${path} shows hostile words as words`, async ({ page }) => {
    await open(page, own.url + filled(path))
    await harmless(page)
  })
}

async function harmless(page: Page): Promise<void> {
  expect(await page.locator('img[src="x"], img[onerror], script:text("hostile=1")').count()).toBe(0)
  expect(await page.evaluate(() => 'hostile' in window)).toBe(false)
}

for (const word of [HOSTILE, '</textarea><img src=x onerror="window.hostile=1">']) {
  for (const name of ['communication', 'meterName', 'url', 'profile', 'host', 'area', 'q', 'site', 'series', 'period']) {
    test(`${name} of an address is words: ${word.slice(0, 12)}`, async ({ page, complaints }) => {
      const query = new URLSearchParams({ protocol: 'http', check: '1', [name]: word })
      for (const path of ['/devices/new', '/meters', '/history', '/find', '/losses']) {
        await page.goto(`${own.url}${path}?${query}`)
        await harmless(page)
      }
      // An address that leads nowhere is refused, and the browser remarks on that.
      expect(complaints.filter((text) => !/status of 4\d\d/.test(text))).toEqual([])
      complaints.length = 0
    })
  }
}

test('what a device announces is words, in the list and in the form that it fills', async ({ page }) => {
  const device = { identifiers: ['bad'], name: HOSTILE, manufacturer: HOSTILE, model: HOSTILE }
  const sensor = { name: HOSTILE, unique_id: 'bad-power', state_topic: '</textarea><img src=x>', device_class: 'power', unit_of_measurement: 'W' }
  peers.publish('homeassistant/sensor/bad/power/config', () => ({ ...sensor, device }))
  await open(page, `${own.url}/devices/new?protocol=mqtt`)
  await page.getByLabel('Host', { exact: true }).fill('127.0.0.1')
  await page.getByLabel('Port', { exact: true }).fill(String(peers.broker))
  await page.getByRole('button', { name: 'See what the broker announces' }).click()
  const announced = page.locator('#device-announced')
  await expect(announced).toContainText('</textarea>')
  await harmless(page)
  await announced.getByRole('button').first().click()
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(HOSTILE)
  await live(page)
  await harmless(page)
})

test('no table for a spreadsheet has a formula in it', async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: own.url })
  const tables = ['/api/Energy/meters/hierarchy?format=csv', '/api/devices.csv', '/api/history.csv?series=MAIN.power_LOAD.energy', '/api/audit?format=csv', '/api/alarms?format=csv']
  for (const path of tables) {
    const answer = await request.get(filled(path))
    expect(answer.ok(), path).toBe(true)
    const cells = (await answer.text()).split(/\r\n|,/).map((cell) => cell.replace(/^"/, ''))
    expect(cells.filter((cell) => /^\s*([=@]|[+-](?!\d))/.test(cell)), path).toEqual([])
  }
  await request.dispose()
})
