import type { Page } from '@playwright/test'

import { expect, number, onPaper, open, test } from './page'

const rows = (page: Page) => page.locator('.bill-list tbody tr')
const headline = (page: Page) => page.getByRole('heading', { level: 1 })

test.describe('in the neighbourhood', () => {
  test('a clerk steps through the months, runs one, and traces a bill, which is printed alone', async ({ page, request }) => {
    const months = page.locator('.months [aria-current]')
    await test.step('the address keeps the month', async () => {
      await open(page, '/bills')
      const latest = await months.innerText()
      await page.locator('.months [rel=prev]').click()
      await expect(months).not.toHaveText(latest)
      await expect(page).toHaveURL(/month=\d{4}-\d{2}/)
      await page.goBack()
      await expect(months).toHaveText(latest)
    })
    await test.step('a run', async () => {
      const latest = await months.innerText()
      await page.locator('.months [rel=next]').click()
      await expect(months).not.toHaveText(latest)
      // A run of the page before would be told there.
      await expect(page.locator('#bills-state')).toContainText(await months.innerText())
      await page.getByRole('button', { name: 'Compute drafts' }).click()
      await expect(page.getByText('The run is started')).toBeVisible()
      await page.reload()
      await expect(page.locator('#bills-run')).toContainText(/computed the drafts of \d+ meters|Computing drafts/)
      await expect(page.locator('#bills-run')).toContainText(/computed the drafts of \d+ meters/)
      await expect(page.locator('#bills-state').getByRole('heading', { level: 1 })).toContainText(/bills: .* to pay, .* to refund/)
      await expect(rows(page).filter({ hasText: 'not computed' })).toHaveCount(0)
    })
    await open(page, '/bills')
    await rows(page).first().getByRole('link').click()
    await expect(headline(page)).toContainText(/Energy bill/)
    await test.step('the lines add up to what is to be paid', async () => {
      const amounts = await page.locator('.bill-item summary > :last-child').allInnerTexts()
      const total = number(await page.locator('.bill-total > :last-child').innerText())
      const isCredit = (await page.locator('.bill-total > :first-child').innerText()).startsWith('Credit to you')
      const sum = amounts.map(number).reduce((one, other) => one + other, 0)
      expect(total).toBeGreaterThanOrEqual(0)
      expect(sum).toBeCloseTo(isCredit ? -total : total, 2)
    })
    await test.step('on paper stands the bill alone', async () => {
      await onPaper(page, '.bill-total')
      await page.emulateMedia({ media: 'print' })
      await expect(page.getByRole('button', { name: 'Print' })).toBeHidden()
      await page.emulateMedia({ media: 'screen' })
    })
    await test.step('its lines have German names', async () => {
      const german = await (await request.get(page.url(), { headers: { 'Accept-Language': 'de' } })).text()
      expect(german).toMatch(/class="bill-line-name"[^]*?Verbrauch/)
      expect(german).not.toContain('Consumption')
    })
    await test.step('a line opens to its intervals, and to all of them', async () => {
      const line = page.locator('.bill-item').first()
      await line.locator('summary').click()
      const intervals = line.getByRole('table')
      await expect(intervals.getByRole('row')).toHaveCount(7)
      await expect(intervals).toContainText(/good|estimated|derived/)
      await line.getByRole('link', { name: 'Show all' }).click()
      await expect(page).toHaveURL(/line=0/)
      await expect.poll(() => line.getByRole('row').count()).toBeGreaterThan(500)
    })
  })

  test('a household sees its day, trades with another and prints its bill, and nobody trades with themselves', async ({ page }) => {
    const form = page.locator('#new-trade')
    await open(page, '/energy')
    await test.step('today in figures and as a chart', async () => {
      await expect(headline(page)).toContainText(/kWh today/)
      for (const name of ['Used', 'Made', 'Sold', 'Bought']) {
        await expect(page.locator('#mine-today')).toContainText(name)
      }
      await expect(page.getByRole('img', { name: /Power of .* today/ })).toBeVisible()
    })
    await test.step('a trade is posted', async () => {
      await form.getByLabel('Buyer').selectOption({ index: 1 })
      await form.getByLabel('Energy, kWh').fill('0.75')
      await form.getByLabel(/Price/).fill('5.125')
      await form.getByRole('button', { name: 'Post the trade' }).click()
      await expect(page.getByText('The trade is posted.')).toBeVisible()
      await expect(page.locator('.trade-list')).toContainText('5.125')
    })
    await test.step('the bill has it, and is printed', async () => {
      await page.getByRole('link', { name: 'Open the bill' }).click()
      await expect(headline(page)).toContainText(/Energy bill/)
      await expect(page.locator('.bill-side')).toContainText('5.125')
      await page.evaluate(() => {
        window.print = () => document.body.setAttribute('data-printed', '')
      })
      await page.getByRole('button', { name: 'Print' }).click()
      await expect(page.locator('body')).toHaveAttribute('data-printed', '')
    })
    await test.step('another household stands in the address', async () => {
      await open(page, '/energy')
      const choice = page.getByLabel('Household')
      const last = await choice.locator('option').last().getAttribute('value')
      await choice.selectOption(last)
      await page.getByRole('button', { name: 'Show' }).click()
      await expect(page).toHaveURL(new RegExp(`meter=${last}`))
      await expect(page.getByLabel('Household')).toHaveValue(last ?? '')
    })
    const seller = form.getByLabel('Seller')
    const fill = async (energy: string, price: string) => {
      await form.getByLabel('Energy, kWh').fill(energy)
      await form.getByLabel(/Price/).fill(price)
      await form.getByRole('button', { name: 'Post the trade' }).click()
    }
    await test.step('a trade of others shows with what of it counts', async () => {
      await open(page, '/trades')
      const trades = page.locator('.trade-list tbody tr')
      const before = await trades.count()
      await seller.selectOption({ index: 1 })
      await form.getByLabel('Buyer').selectOption({ index: 9 })
      await fill('1.5', '5.25')
      await expect(page.getByText('The trade is posted.')).toBeVisible()
      // The newest comes first.
      await expect(trades).toHaveCount(before + 1)
      const row = trades.first()
      await expect(row).toContainText('5.25')
      await expect(row).toContainText('1.5')
      await expect(row).toContainText(/fulfilled|so far/)
    })
    await test.step('nobody trades with themselves, what is refused is said, and nothing typed is lost', async () => {
      await seller.selectOption({ index: 1 })
      await form.getByLabel('Buyer').selectOption(await seller.inputValue())
      await fill('2', '5')
      await expect(page.getByText('cannot trade with itself')).toBeVisible()
      await expect(form.getByLabel('Energy, kWh')).toHaveValue('2')
      await fill('much', '5')
      await expect(page.getByText('is no number')).toBeVisible()
    })
  })
})
