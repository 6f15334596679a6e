import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { FirstSteps } from '../first-steps'
import { WIDTHS } from '../pages'
import { Installation } from '../peers/program'
import { RisingMeters } from '../peers/rising'
import { live } from '../tests/page'
import { SCHEMES, folder, picture } from './folder'

const docs = resolve('../docs/images')

let empty: Installation
let meters: RisingMeters
test.beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  empty = await Installation.start('screenshots')
  meters = await RisingMeters.start({ main: 48.2, hall: 31.6 })
})
test.afterAll(async () => {
  await meters.stop()
  await empty.stop()
})

test('the pictures of the first steps in the documentation', async ({ page, browser }) => {
  await page.setViewportSize({ width: 1200, height: 760 })
  const steps = new FirstSteps(page, empty.url)
  const shot = (place: number) => page.screenshot({ path: `${docs}/first-steps-${place}.png` })
  await steps.begin()
  await shot(1)
  await steps.name('Mill')
  await steps.add('Add the main meter', { Address: meters.url('main'), Number: 'MAIN', 'Poll interval, ms': '2000' })
  await page.locator('#device-probe').scrollIntoViewIfNeeded()
  await shot(2)
  await steps.save()
  await expect(steps.meter(1)).toContainText('48.2')
  await steps.add(/Add a meter below/, { Address: meters.url('hall'), Name: 'Hall 1', Number: 'HALL-1', 'Poll interval, ms': '2000' })
  await steps.save()
  await expect(steps.meter(2)).toContainText('31.6')
  await expect(page.locator('.start-loss')).toContainText('Early', { timeout: 120_000 })
  await shot(3)
  for (const { name, width, height } of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme })
      const other = await context.newPage()
      await other.goto(`${empty.url}/start`)
      await live(other)
      await other.screenshot({ path: picture('first-steps', name, colorScheme), fullPage: true })
      await context.close()
    }
  }
})
