import { FirstSteps } from '../first-steps'
import { Installation } from '../peers/program'
import { RisingMeters } from '../peers/rising'
import { accessibility, expect, fitsItsWidth, live, test } from './page'

let empty: Installation
let meters: RisingMeters
test.beforeAll(async () => {
  test.setTimeout(120_000)
  empty = await Installation.start('first-run')
  meters = await RisingMeters.start({ main: 50, hall: 25 })
})
test.afterAll(async () => {
  await meters.stop()
  await empty.stop()
})

test('an empty installation leads to a first loss figure within five minutes', async ({ page }) => {
  test.setTimeout(300_000)
  const steps = new FirstSteps(page, empty.url)
  const figures = page.locator('#start-content-3')
  await test.step('the site gets a name', async () => {
    await steps.begin()
    expect(await accessibility(page)).toEqual([])
    await steps.name('Mill')
  })
  await test.step('the main meter is added', async () => {
    await steps.add('Add the main meter', { Address: meters.url('main'), Number: 'MAIN', 'Poll interval, ms': '2000' })
    await expect(page.getByLabel('Type', { exact: true })).toHaveValue('Grid')
    await steps.save()
    await expect(steps.meter(1)).toContainText('50.0')
    await steps.says('First steps: 2 of 4 done')
    await page.reload()
    await live(page)
    await steps.says('First steps: 2 of 4 done')
  })
  await test.step('a meter below it is added', async () => {
    const hall = { Address: meters.url('hall'), Name: 'Hall 1', Number: 'HALL-1', 'Poll interval, ms': '2000' }
    await steps.add('Add a meter below Main meter', hall)
    await expect(page.getByRole('combobox', { name: 'Below', exact: true })).toHaveValue('MAIN')
    await steps.save()
    await expect(steps.meter(2)).toContainText('25.0')
    await expect(figures).toContainText(/needs \d+ s more/)
  })
  await test.step('the first loss figure is there', async () => {
    const loss = page.locator('.start-loss')
    await expect(loss).toHaveText(/Early: 0\.\d+ kWh lost, \d+\.\d % of input/, { timeout: 120_000 })
    await expect(figures).toContainText(/0\.\d+ kWh in, 0\.\d+ kWh out, error ± 0\.\d+ kWh/)
    await expect(figures).toContainText('that both meters were read')
    const share = Number(/([\d.]+) % of input/.exec(await loss.innerText())?.[1])
    expect(Math.abs(share - 50)).toBeLessThan(15)
    await steps.says('The first loss figure is there')
    expect(await accessibility(page)).toEqual([])
    await page.setViewportSize({ width: 390, height: 844 })
    await fitsItsWidth(page)
  })
  await page.goto(`${empty.url}/`)
  await live(page)
  await expect(page.getByRole('link', { name: 'First steps, 4 of 4 done' })).toBeVisible()
})
