import { expect, goTo, open, test } from './page'

// What they weigh is the step `sizes` of `cargo xtask test --long`; here is what is loaded at all.
test('the browser loads the code of the page one is on, and of no other', async ({ page }) => {
  const loaded = new Set<string>()
  const pages = () => [...loaded].flatMap((path) => /split___([a-z_]+)_page_view/.exec(path)?.[1] ?? []).sort()
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (/^\/pkg\/.*\.(js|wasm)$/.test(pathname)) loaded.add(pathname)
  })
  await open(page, '/')
  await page.waitForLoadState('load')
  expect(pages()).toEqual(['overview'])
  await goTo(page, 'Meters')
  await expect(page.getByRole('treegrid')).toBeVisible()
  expect(pages()).toEqual(['meters', 'overview'])
  expect([...loaded].filter((path) => path.includes('leaflet'))).toEqual([])
  await test.step('a page that the server draws has a module of its own', async () => {
    loaded.clear()
    await open(page, '/losses')
    const names = [...loaded].map((path) => path.split('/').pop()).sort()
    expect(names).toEqual(['islands.js', 'islands_bg.wasm', 'navigate.js'])
  })
  await goTo(page, 'Grid')
  await expect(page.locator('.map')).toBeVisible()
  await expect.poll(() => [...loaded].filter((path) => path.includes('leaflet')).length).toBeGreaterThan(0)
})
