import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { program } from '../peers/program'
import { expect, live, ownTest as test, rows } from './page'

const site = 'tower'
const nodes = 100
const all = 10_000
/** Pixels in each frame: at sixty frames a second, 120 rows a second. */
const fast = 50

/** A plant of ten thousand meters: a main, below it nodes, below each the same count of machines. */
function plant() {
  const meter = (meterNumber: string, level: number, parent: string | null) => ({
    site,
    meterNumber,
    uuid: randomUUID(),
    meterName: `Meter ${meterNumber}`,
    meterType: 'Unit',
    level,
    parent,
    feedsParent: false,
    loadRole: 'none',
    dieselRegister: 'increment',
    placements: [{ parent, feedsParent: false }],
  })
  const numbers = [...Array(nodes).keys()].map((node) => `N${String(node).padStart(3, '0')}`)
  const left = all - 1 - nodes
  const machine = (i: number) =>
    meter(`${numbers[i % nodes]}-${String(Math.floor(i / nodes)).padStart(3, '0')}`, 2, numbers[i % nodes])
  return [meter('MAIN', 0, null), ...numbers.map((number) => meter(number, 1, 'MAIN')), ...[...Array(left).keys()].map(machine)]
}

test.beforeAll(async ({ own, playwright }) => {
  test.setTimeout(180_000)
  const request = await playwright.request.newContext({ baseURL: own.url })
  expect((await request.post('/api/sites', { data: { slug: site, name: 'Tower' } })).ok()).toBe(true)
  await request.dispose()
  const options = { encoding: 'utf8', maxBuffer: 1 << 28 } as const
  const stored = JSON.parse(execFileSync(program, ['export-config', '--data-dir', own.folder], options))
  const sites = stored.sites.filter((one: { slug: string }) => one.slug === site)
  const document = JSON.stringify({ version: 1, sites, meters: plant() })
  execFileSync(program, ['import-config', '--data-dir', own.folder, '-'], { input: document })
})

test('a tree of ten thousand meters draws the rows in sight alone and all of them, is walked by keyboard and finds one among them', async ({ page }) => {
  test.setTimeout(180_000)
  const count = page.getByRole('main').getByText(/^10,?000 meters/)
  await expect
    .poll(
      async () => {
        await page.goto(`/meters?site=${site}`)
        return count.count()
      },
      { timeout: 90_000, intervals: [1_000] },
    )
    .toBe(1)
  await live(page)
  await page.getByRole('button', { name: 'Expand all' }).click()
  await expect(page.getByText(/10,?000 rows shown/)).toBeVisible()
  const shown = () => rows(page).count()
  expect(await shown()).toBeLessThan(100)

  // How smooth that is depends on the machine, and is told; that there is a row in sight at every frame does not.
  const { times, bare } = await page.evaluate(async (step) => {
    const frame = () => new Promise<number>((done) => requestAnimationFrame(done))
    const inSight = () => document.elementFromPoint(innerWidth / 2, (innerHeight * 2) / 3)?.closest('tbody tr') ?? null
    const times: number[] = []
    let bare = 0
    let before = await frame()
    for (let i = 0; i < 240; i += 1) {
      window.scrollBy(0, step)
      const now = await frame()
      if (inSight() === null) bare += 1
      times.push(now - before)
      before = now
    }
    return { times: times.sort((a, b) => a - b), bare }
  }, fast)
  console.log(`a frame of scrolling: p50 ${times[120].toFixed(1)} ms, p95 ${times[228].toFixed(1)} ms`)
  expect(bare).toBe(0)
  expect(await shown()).toBeLessThan(100)
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  expect(height).toBeGreaterThan(all * 24)

  await rows(page).first().focus()
  await page.keyboard.press('End')
  await expect(rows(page).last()).toBeFocused()
  await expect(rows(page).last()).toHaveAttribute('aria-rowindex', String(all + 1))
  await expect(rows(page).last()).toBeInViewport()
  await page.keyboard.press('ArrowUp')
  await expect(page.locator('tr:focus')).toHaveAttribute('aria-rowindex', String(all))
  await page.keyboard.press('Home')
  await expect(rows(page).first()).toBeFocused()
  await expect(rows(page).first()).toHaveAttribute('aria-rowindex', '2')
  expect(await shown()).toBeLessThan(100)

  await page.getByLabel('Filter by name or number').fill('N042-007')
  await expect(rows(page)).toHaveCount(3)
  await expect(rows(page).last()).toContainText('Meter N042-007')
})
