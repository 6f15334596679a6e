import { expect, open, ownTest as test } from './page'

test('an exchange of a register is refused at its field, entered, counts, and is undone', async ({ page, request }) => {
  const meter = { meterNumber: 'EXCHANGE-1', meterName: 'Gate House', meterType: 'Machine' }
  const made = await request.post('/api/Energy/meters', { data: meter })
  const { id } = ((await made.json()) as { data: { id: number } }).data
  const begun = Date.now() - 30 * 3_600_000
  const readings = Array.from({ length: 30 }, (_, hour) => ({
    timestamp: new Date(begun + hour * 3_600_000).toISOString(),
    totalEnergyKwh: 1_000 + hour,
  }))
  const stored = await request.post(`/api/Energy/meters/${meter.meterNumber}/readings`, { data: readings })
  expect(stored.ok()).toBe(true)
  // What the program knows follows what was stored within a moment.
  await expect.poll(async () => (await request.get(`/meters/${id}`)).status()).toBe(200)

  await open(page, `/meters/${id}/corrections`)
  const form = page.locator('form[data-act=exchange]')
  await form.getByLabel('When').fill(new Date(Date.now() - 5 * 3_600_000).toISOString().slice(0, 19))
  await form.getByLabel('Old, last figure').fill('a thousand')
  await form.getByLabel('New, first figure').fill('0')
  await form.getByLabel('Reason').fill('tested in the browser')
  await form.getByRole('button', { name: 'Enter' }).click()
  await expect(page.getByText('is no number')).toBeVisible()
  await expect(form.getByLabel('Reason')).toHaveValue('tested in the browser')

  await form.getByLabel('Old, last figure').fill('2000')
  await form.getByRole('button', { name: 'Enter' }).click()
  await expect(page.getByText('The exchange is entered')).toBeVisible()
  const row = page.getByRole('row').filter({ hasText: 'tested in the browser' })
  await expect(row).toContainText('2,000.0')
  await row.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toContainText('undone')
})
