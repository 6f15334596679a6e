import { expect, test } from './page'

test.use({ javaScriptEnabled: false })

test('pages show, find, check and choose a period without scripts', async ({ page }) => {
  const headline = page.getByRole('heading', { level: 1 })
  await test.step('the overview has its figures', async () => {
    await page.goto('/?period=week')
    await expect(headline).toContainText(/kW|No balance/)
    await expect(page.getByRole('row').filter({ hasText: 'All nodes' })).toBeVisible()
  })
  await test.step('the search has a page', async () => {
    const search = page.getByRole('combobox', { name: 'Find a meter' })
    await search.fill('press')
    await search.press('Enter')
    await expect(page).toHaveURL(/\/find\?.*q=press/)
    await expect(headline).toContainText('results for “press”')
    await page.getByRole('link', { name: /Press 01/ }).click()
    await expect(page).toHaveURL(/\/meters\/\d+\?period=week/)
  })
  await test.step('a period of two days is chosen', async () => {
    await page.goto('/carbon')
    const today = await page.getByLabel('To', { exact: true }).inputValue()
    const period = page.getByRole('navigation', { name: 'Period' })
    await period.getByText('Custom', { exact: true }).click()
    await period.getByRole('button', { name: 'Show' }).click()
    await expect(page).toHaveURL(new RegExp(`period=custom.*to=${today}`))
    await expect(headline).toContainText('Net')
  })
  await test.step('a place of the grid is checked', async () => {
    await page.goto('/grid')
    await page.getByLabel('Location').fill('37.7586 -122.4148')
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await expect(headline).toHaveText(/^Feasible at/)
  })
  await test.step('a form that is refused says why', async () => {
    await page.goto('/sites/new')
    await page.getByLabel('Name', { exact: true }).fill('Mars works')
    await page.getByLabel('Time zone').fill('Mars/Olympus')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page).toHaveURL(/\/sites\/new$/)
    await expect(page.getByRole('alert').filter({ hasText: 'no time zone' })).toBeVisible()
    await page.reload()
    await expect(page.getByText('no time zone')).toHaveCount(0)
  })
  await test.step('the first steps say how to go on', async () => {
    await page.goto('/start?site=world')
    await expect(page.getByRole('link', { name: 'Look again' })).toBeVisible()
  })
})
