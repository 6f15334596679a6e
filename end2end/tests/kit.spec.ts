import { expect, test } from './page'

/** The width of some letters in the font that the pictures were drawn with. */
const LETTERS = 1356.9

// On a phone the colours are those of the other widths.
const looks = [
  { name: 'light', colorScheme: 'light', width: 1440 },
  { name: 'dark', colorScheme: 'dark', width: 1440 },
  { name: 'phone', colorScheme: 'light', width: 390 },
] as const

// `npx playwright test kit --update-snapshots` draws them anew, after a part was changed on purpose.
test('each part of the kit looks as in its picture: light, dark, on a phone', async ({ page }) => {
  await page.goto('/kit')
  const width = await page.evaluate(() => {
    const pen = document.createElement('canvas').getContext('2d')!
    pen.font = `100px ${getComputedStyle(document.body).fontFamily}`
    return pen.measureText('Wattlens 0123456789 kWh').width
  })
  test.skip(Math.abs(width - LETTERS) > 1, `this machine has another font: ${width}`)
  for (const { name, colorScheme, width } of looks) {
    await test.step(name, async () => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 1000 })
      for (const part of await page.locator('.kit > section, .kit ~ section').all()) {
        const of = (await part.getByRole('heading').first().innerText()).toLowerCase().replace(/\W+/g, '-')
        await expect.soft(part).toHaveScreenshot(`${of}-${name}.png`, { maxDiffPixelRatio: 0.03 })
      }
    })
  }
})
