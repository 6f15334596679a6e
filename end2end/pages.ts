/** Every page, as the pictures, the accessibility and the widths are looked at. */

// The demo begins with the bills of the last month, on the clock of its neighbourhood.
const now = new Date()
const month = new Date(now.toLocaleString('en-US', { timeZone: 'America/Los_Angeles' }))
month.setDate(0)
export const bill = `${month.getFullYear()}-${String(month.getMonth() + 1).padStart(2, '0')}-0001`

/** The demo plant. */
export const PLANT = [
  '/',
  '/?period=week',
  '/meters?period=week',
  '/meters?meter=1',
  '/meters?view=heatmap',
  '/meters?view=map',
  '/meters/1?period=week&compare=previous',
  '/meters/1/registers?period=week',
  '/meters/1/corrections',
  '/meters/1/children',
  '/meters/1/raw',
  '/losses?period=week',
  '/losses?by=area',
  '/losses?by=trend&period=week',
  '/carbon?period=month',
  '/history?series=1.power_2.energy&period=week',
  '/reports',
  `/reports/${now.toISOString().slice(0, 7)}`,
  '/alarms',
  '/sites',
  '/sites?with=default,world&period=week',
  '/help',
  '/find?q=main',
  '/kit',
]

/** Devices and settings of the demo plant. */
export const SETTINGS = [
  '/devices',
  '/devices/1',
  '/devices/new',
  '/devices/new?protocol=modbus',
  '/devices/import',
  '/loggers',
  '/sites/new',
  '/start',
  '/settings',
  '/settings/site',
  '/settings/tariffs',
  '/settings/factors',
  '/settings/retention',
  '/settings/areas',
  '/settings/meters',
  '/settings/configuration',
]

/** The simulated neighbourhood. */
export const NEIGHBOURHOOD = [
  '/?site=world',
  '/meters?site=world',
  '/grid',
  '/connections',
  '/simulator',
  '/bills',
  `/bills/${bill}`,
  '/trades',
  '/energy',
]

export const PAGES = [...PLANT, ...SETTINGS, ...NEIGHBOURHOOD]

/** The widths that are designed for, with the heights that go with them. */
export const WIDTHS = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'tablet', width: 768, height: 1024 },
  { name: 'phone', width: 390, height: 844 },
] as const

/** What a file about a page is called. */
export function fileName(path: string): string {
  return path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'overview'
}
