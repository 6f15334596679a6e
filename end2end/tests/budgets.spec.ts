import { expect, goTo, open, test } from './page'

// What they weigh is the step `sizes` of `cargo xtask test --long`; here is what is loaded at all.
test('the browser loads the module of the page one is on, and no other', async ({ page }) => {
  const loaded = new Set<string>()
  const modules = () => [...loaded].flatMap((path) => /(\w+)_bg\.wasm$/.exec(path)?.[1] ?? []).sort()
  page.on('request', (request) => loaded.add(new URL(request.url()).pathname))
  await open(page, '/losses')
  expect(modules()).toEqual(['islands'])
  await open(page, '/')
  expect(modules()).toEqual(['islands'])
  await goTo(page, 'Meters')
  await expect(page.getByRole('treegrid')).toBeVisible()
  expect(modules()).toEqual(['islands', 'live'])
  expect([...loaded].filter((path) => path.includes('leaflet'))).toEqual([])
  await goTo(page, 'Grid')
  await expect(page.locator('.map')).toBeVisible()
  await expect.poll(() => [...loaded].filter((path) => path.includes('leaflet')).length).toBeGreaterThan(0)
  expect(modules()).toEqual(['islands', 'live', 'map'])
})
