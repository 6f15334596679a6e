import { expect, open, test } from './page'

test('the devices of the plant are read, each says how, and they are found by a part of a name', async ({ page }) => {
  await open(page, '/devices')
  const rows = page.locator('.device-list tbody tr')
  await test.step('found by a part of the name', async () => {
    const all = await rows.count()
    await page.getByPlaceholder('Name, number, address, profile').fill('main grid')
    await page.getByRole('button', { name: 'Find', exact: true }).click()
    await expect(page).toHaveURL(/q=main\+grid/)
    expect(await rows.count()).toBeLessThan(all)
    await page.locator('#only-online').click()
    await expect(page).toHaveURL(/state=online/)
    await expect(page.getByRole('searchbox', { name: 'Find' })).toHaveValue('main grid')
    await expect(rows.first()).toContainText('Main Grid')
  })
  await test.step('its page says how it is read', async () => {
    const row = rows.filter({ hasText: 'Main Grid' })
    await expect(row).toContainText('read')
    await row.getByRole('link').click()
    await expect(page).toHaveURL(/\/devices\/\d+/)
    await expect(page.locator('#device-health')).toContainText('Answers')
    await expect(page.locator('#device-channels').getByRole('row', { name: /^grid\/ActivePower \d/ })).toContainText('good')
    await page.getByRole('button', { name: 'Read now' }).click()
    await expect(page.locator('#device-probe')).toContainText(/It answered in \d+ ms/)
  })
})
