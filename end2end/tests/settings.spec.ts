import type { APIRequestContext, Page } from '@playwright/test'

import { randomUUID } from 'node:crypto'

import { accessibility, expect, fitsItsWidth, open, ownTest as test } from './page'

interface Meter {
  id: number
  meterNumber: string
  meterName: string
  area: string | null
  parentMeterId: number | null
  meterType: string
}

/** Every meter of the plant. */
async function meters(request: APIRequestContext): Promise<Meter[]> {
  interface Node extends Meter {
    children: Node[]
  }
  const answer = (await (await request.get('/api/Energy/meters/hierarchy')).json()) as { data: Node[] }
  const flat = (nodes: Node[]): Node[] => nodes.flatMap((node) => [node, ...flat(node.children)])
  const ids = flat(answer.data).map(({ id }) => id)
  const one = async (id: number) => ((await (await request.get(`/api/Energy/meters/${id}`)).json()) as { data: Meter }).data
  return Promise.all(ids.map(one))
}

/** Two new meters below the same one. */
async function siblings(request: APIRequestContext): Promise<[Meter, Meter]> {
  const one = randomUUID().slice(0, 8)
  const add = async (meterNumber: string, parentMeterNumber?: string) => {
    const data = { meterNumber, meterName: `Meter ${meterNumber}`, meterType: 'Machine', parentMeterNumber }
    const answer = await request.post('/api/Energy/meters', { data })
    expect(answer.ok(), await answer.text()).toBe(true)
    return ((await answer.json()) as { data: Meter }).data
  }
  const above = await add(`${one}-0`)
  const both = [await add(`${one}-1`, above.meterNumber), await add(`${one}-2`, above.meterNumber)] as const
  // What the program knows follows what was stored within a moment.
  await expect.poll(async () => (await request.get(`/meters/${both[1].id}`)).status()).toBe(200)
  return [...both]
}

const done = (page: Page) => page.locator('.done')

test('an administrator names the site, and exports, tries and imports the configuration', async ({ page, request }) => {
  await test.step('the name is changed, and brought back by the undo', async () => {
    await open(page, '/')
    await page.getByRole('link', { name: 'Settings', exact: true }).first().click()
    await expect(page).toHaveURL(/\/settings$/)
    await page.locator('.settings-places').getByRole('link', { name: 'Site', exact: true }).click()
    const form = page.locator('form[data-act=settings-site]')
    const name = await form.getByLabel('Name').inputValue()
    await form.getByLabel('Name').fill(`${name}, north`)
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(done(page).first()).toContainText('The site is changed.')
    await expect(page.getByRole('heading', { level: 1 })).toContainText(`${name}, north`)
    await done(page).getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('heading', { level: 1 })).not.toContainText('north')
    await expect(form.getByLabel('Name')).toHaveValue(name)
  })
  await test.step('the configuration is exported, tried with a fault, and imported with its progress', async () => {
    await siblings(request)
    const document = (await (await request.get('/api/configuration')).json()) as { meters: Record<string, unknown>[] }
    const send = async (content: object) => {
      await page.locator('input[type=file]').setInputFiles({
        name: 'wattlens.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify(content)),
      })
      await page.getByRole('button', { name: 'Dry run' }).click()
    }
    await open(page, '/settings/configuration')
    const exported = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Export' }).click()
    expect((await exported).suggestedFilename()).toBe('wattlens.json')
    await send(document)
    const said = page.locator('#configuration-document')
    await expect(said).toContainText('nothing would change')

    const faulty = structuredClone(document)
    const last = faulty.meters.length - 1
    Object.assign(faulty.meters[last] ?? {}, { parent: 'NOBODY' })
    await send(faulty)
    await expect(said).toContainText(`meters[${last}].parent`)
    await expect(page.getByRole('button', { name: 'Import now' })).toHaveCount(0)

    const changed = structuredClone(document)
    Object.assign(changed.meters[last] ?? {}, { location: 'beside the gate' })
    await send(changed)
    await expect(said).toContainText('change 1')
    await page.getByRole('button', { name: 'Import now' }).click()
    await expect(said).toContainText('Imported, with', { timeout: 30_000 })
    expect((await request.post('/api/configuration', { data: document })).ok()).toBe(true)
  })
})

test('meters are changed together, moved by the form and dragged, brought back by the undo, and taken away', async ({ page, request, complaints }) => {
  const [moved, onto] = await siblings(request)
  await test.step('two are changed together', async () => {
    await open(page, '/settings/meters')
    for (const { meterNumber } of [moved, onto]) await page.getByLabel(`Mark ${meterNumber}`, { exact: true }).check()
    await page.locator('#change').getByLabel('Area', { exact: true }).fill('Tested area')
    await page.getByRole('button', { name: 'Show what this changes' }).click()
    const preview = page.locator('.settings-preview')
    await expect(preview).toContainText('2 meters would change')
    await expect(preview).toContainText('No balance changes.')
    await preview.getByRole('button', { name: 'Store it' }).click()
    await expect(done(page).first()).toContainText('2 meters are changed.')
    expect((await meters(request)).filter(({ area }) => area === 'Tested area')).toHaveLength(2)
    await done(page).getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await meters(request)).filter(({ area }) => area === 'Tested area').length).toBe(0)
  })
  await test.step('one is moved by the form after a look at the balances', async () => {
    const parent = async () => (await meters(request)).find(({ id }) => id === moved.id)?.parentMeterId
    await open(page, '/settings/meters')
    await page.getByLabel(`Mark ${moved.meterNumber}`, { exact: true }).check()
    await page.getByLabel('Meter above', { exact: true }).fill(onto.meterNumber)
    await page.getByRole('button', { name: 'Show what this changes' }).click()
    const balances = page.locator('.settings-balances')
    await expect(balances).toContainText('Before')
    await expect(balances).toContainText(onto.meterName)
    expect(await parent()).toBe(moved.parentMeterId)
    await page.getByRole('button', { name: 'Store it' }).click()
    await expect(done(page).first()).toContainText('The meter is changed.')
    expect(await parent()).toBe(onto.id)
    await done(page).getByRole('button', { name: 'Undo' }).click()
    await expect.poll(parent).toBe(moved.parentMeterId)
  })
  await test.step('one dragged onto another leads to the same preview', async () => {
    await open(page, '/settings/meters')
    const tree = page.locator('.settings-tree')
    // Scrolling on the way would end the drag.
    await tree.locator(`[data-meter="${onto.id}"]`).scrollIntoViewIfNeeded()
    await tree.locator(`[data-meter="${moved.id}"]`).dragTo(tree.locator(`[data-meter="${onto.id}"]`))
    await expect(page).toHaveURL(new RegExp(`onto=${onto.id}.*m${moved.id}=on`))
    await expect(page.locator('.settings-balances')).toContainText(onto.meterName)
    await page.getByRole('link', { name: 'Discard' }).click()
    await expect(page.locator('.settings-preview')).toHaveCount(0)
  })
  await test.step('one that is taken away has no page any more, which an open one says', async () => {
    await open(page, `/meters/${moved.id}`)
    await expect(page.getByRole('heading', { level: 1, name: moved.meterName })).toBeVisible()
    await request.delete(`/api/Energy/meters/${moved.id}`)
    await expect(page.getByRole('heading', { level: 1, name: 'There is no such page' })).toBeVisible()
    // The browser tells of what is not found whatever the page does with it.
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes('404')))
  })
})

test('of two editors the second is told, and a rule of a register is looked at before it is stored', async ({ page, request }) => {
  const [meter, another] = await siblings(request)
  const drawnAnew = async (page: Page) => {
    const drawn = page.waitForResponse((response) => response.url().includes('again'))
    await page.evaluate(() => window.dispatchEvent(new CustomEvent('wattlens:refresh')))
    await (await drawn).finished()
  }
  await test.step('of two editors the second keeps what was typed', async () => {
    await open(page, `/settings/meters?meter=${meter.id}`)
    const form = page.locator('form[data-act=settings-meter]')
    await form.getByLabel('Location').fill('typed here')
    const other = await request.patch(`/api/Energy/meters/${meter.id}`, { data: { location: 'stored meanwhile' } })
    expect(other.ok()).toBe(true)
    await drawnAnew(page)
    await expect(form.getByLabel('Location')).toHaveValue('typed here')
    await form.getByRole('button', { name: 'Save' }).click()
    const told = form.locator('.refused')
    await expect(told).toContainText('stored meanwhile')
    await expect(told).toContainText('typed here')
    await expect(form.getByLabel('Location')).toHaveValue('typed here')
    await drawnAnew(page)
    await expect(told).toContainText('stored meanwhile')
    await request.patch(`/api/Energy/meters/${meter.id}`, { data: { location: null } })
  })
  await test.step('what was typed for one meter is not shown for another', async () => {
    await open(page, `/settings/meters?meter=${meter.id}`)
    const location = page.locator('form[data-act=settings-meter]').getByLabel('Location')
    await location.fill('typed here')
    await page.evaluate((id) => window.dispatchEvent(new CustomEvent('wattlens:visit', { detail: `/settings/meters?meter=${id}` })), another.id)
    await expect(page.locator('form[data-act=settings-meter] input[name=meter]')).toHaveValue(`${another.id}`)
    await expect(location).toHaveValue('')
  })
  await test.step('what is saved by Enter is what is shown', async () => {
    const location = page.locator('form[data-act=settings-meter]').getByLabel('Location')
    for (const text of ['north hall', '']) {
      await location.fill(text)
      await location.press('Enter')
      await expect(location).toHaveAttribute('value', text)
      await expect(location).toHaveValue(text)
    }
  })
  await test.step('a rule of a register is previewed, stored and undone', async () => {
    const accuracy = async () => {
      const answer = (await (await request.get(`/api/Energy/meters/${meter.id}`)).json()) as { data: { accuracyClass: number | null } }
      return answer.data.accuracyClass
    }
    const before = await accuracy()
    await open(page, `/settings/meters?meter=${meter.id}`)
    const form = page.locator('form#rules')
    const read = [{ timestamp: new Date().toISOString(), totalEnergyKwh: 1_000 }]
    expect((await request.post(`/api/Energy/meters/${meter.meterNumber}/readings`, { data: read })).ok()).toBe(true)
    const look = async () => form.getByRole('button', { name: 'Show what this changes' }).click()
    await form.getByLabel('Register wraps at, kWh').fill('0.5')
    await look()
    await expect(page.locator('main')).toContainText('one that wraps at 0.5 kWh never shows that')
    await expect(form.getByLabel('Register wraps at, kWh')).toHaveValue('0.5')
    await form.getByLabel('Register wraps at, kWh').fill('')
    await form.getByLabel('Accuracy class').fill('2.5')
    await look()
    const preview = page.locator('.settings-preview')
    await expect(preview).toContainText('What was counted stays the same')
    expect(await accuracy()).toBe(before)
    expect(await accessibility(page)).toEqual([])
    await fitsItsWidth(page)
    await preview.getByRole('button', { name: 'Store it' }).click()
    await expect.poll(accuracy).toBe(2.5)
    await done(page).getByRole('button', { name: 'Undo' }).click()
    await expect.poll(accuracy).toBe(before)
  })
})
