import { expect, open, ownTest as test } from './page'

test('when a month is over its bills are issued, have numbers, and never change', async ({ page, request }) => {
  const post = async (path: string, data: object) => {
    const answer = await request.post(path, { data })
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
    return (await answer.json()) as { id: number }
  }
  await post('/simulation-time', { paused: true, current_datetime: '2026-10-01T06:00:00Z' })
  const home = await post('/admin/er', { name: 'HH-1', type: 'consumer', appliance_type: ['Refrigerator', 'Oven'] })
  const meter = await post('/admin/meter', { meter_id: 'HH-1' })
  await post('/admin/meter/link', { meter_id: meter.id, er_id: home.id })
  await post('/simulation-time', { paused: true, current_datetime: '2026-11-01T12:00:00Z' })
  await expect.poll(async () => (await request.get(`/meters/${meter.id}`)).status()).toBe(200)

  await test.step('they are issued, once what was recorded is added up', async () => {
    const issued = page.locator('.bill-list tbody tr').filter({ hasText: 'issued' })
    await open(page, '/bills')
    await expect(async () => {
      const issue = page.getByRole('button', { name: 'Issue all' })
      if (await issue.isVisible()) await issue.click()
      await expect(page.locator('#bills-run')).toContainText(/issued \d+ bills?/, { timeout: 5_000 })
      await expect(issued).not.toHaveCount(0, { timeout: 1_000 })
    }).toPass({ timeout: 45_000 })
    await issued.first().getByRole('link').click()
  })
  await test.step('an issued one has a number, cannot change, and is handed out', async () => {
    await expect(page.getByRole('heading', { name: 'Issued, cannot change' })).toBeVisible()
    await expect(page.locator('.bill-facts')).toContainText(/Number \d{4}-\d{2}-\d+/)
    await expect(page.getByRole('button', { name: 'Issue' })).toHaveCount(0)
    for (const [name, type] of [['CSV', /csv/], ['Green Button', /xml/]] as const) {
      const href = await page.locator('.bill-actions').getByRole('link', { name }).getAttribute('href')
      const response = await request.get(href ?? '')
      expect(response.status()).toBe(200)
      expect(response.headers()['content-type']).toMatch(type)
    }
  })
})
