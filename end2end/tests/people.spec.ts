import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Installation, program } from '../peers/program'
import { accessibility, COLOURS, expect, fitsItsWidth, live, test } from './page'

const PASSWORD = 'turbine lamp 4 river'

/** Creates a user beside the running server, as whoever installs it does. */
async function createUser(installation: Installation, ...options: string[]): Promise<void> {
  const command = ['create-user', '--data-dir', installation.folder, '--password-stdin', ...options]
  const creating = spawn(program, command, { stdio: ['pipe', 'ignore', 'inherit'] })
  creating.stdin.end(`${PASSWORD}\n`)
  const [code] = await once(creating, 'exit')
  expect(code).toBe(0)
}

let plant: Installation
test.beforeAll(async () => {
  plant = await Installation.start('people')
  await createUser(plant, '--name', 'asha', '--role', 'admin', '--display-name', 'Asha Rao')
  await createUser(plant, '--name', 'ravi', '--role', 'viewer')
  // Users that another process created are seen some seconds later.
  await expect.poll(async () => (await fetch(`${plant.url}/api/sites`)).status).toBe(401)
})
test.afterAll(async () => plant.stop())

test('an administrator signs in, invites somebody, who has an account of their own, and signs out everywhere', async ({ page, browser, complaints }) => {
  const name = page.getByLabel('User name')
  const signIn = async (who: string, password: string) => {
    await name.fill(who)
    await page.getByLabel('Password').fill(password)
    await page.getByLabel('Password').press('Enter')
  }
  await page.goto(`${plant.url}/settings/meters`)
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await expect(page.getByRole('main')).toHaveCSS('display', 'grid')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await accessibility(page, colorScheme === 'dark' ? COLOURS : undefined)).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await signIn('asha', 'a guess of mine')
  await expect(page.getByRole('alert')).toHaveText('the name or the password is wrong')
  await expect(name).toHaveValue('asha')
  expect(await accessibility(page)).toEqual([])
  // A browser calls an answer of 401 an error.
  complaints.length = 0

  await signIn('Asha', PASSWORD)
  await expect(page).toHaveURL(`${plant.url}/settings/meters`)
  await live(page)
  await expect(page.getByText('Asha Rao')).toBeVisible()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(`${plant.url}/sign-in`)
  await page.goBack()
  await expect(name).toBeVisible()

  await page.goto(`${plant.url}/sign-in?next=/settings/people`)
  await signIn('asha', PASSWORD)
  await live(page)
  expect(await accessibility(page)).toEqual([])
  await page.getByLabel('User name').fill('mina of the grid')
  await page.getByRole('combobox', { name: 'Role' }).selectOption('operator')
  await page.getByRole('button', { name: 'Create and make link' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'user name has' })).toBeVisible()
  await expect(page.getByLabel('User name')).toHaveValue('mina of the grid')
  await expect(page.getByRole('combobox', { name: 'Role' })).toHaveValue('operator')
  await page.getByLabel('User name').fill('mina')
  await page.getByRole('button', { name: 'Create and make link' }).click()
  const link = await page.getByLabel('Link').inputValue()
  expect(link).toMatch(new RegExp(`^${plant.url}/invitation/[\\w-]{43}$`))

  // The other one has a phone, and no script.
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false })
  const phone = await context.newPage()
  await phone.goto(link)
  const password = phone.getByLabel('New password')
  const set = async (text: string) => {
    await password.fill(text)
    await password.press('Enter')
  }
  await set('too short')
  await expect(phone.getByRole('alert')).toContainText('12 to 200 characters')
  await fitsItsWidth(phone)
  await set('windmill lamp 4 sea')
  await expect(phone).toHaveURL(`${plant.url}/`)
  for (const [used, status] of [[link, 410], [`${plant.url}/invitation/x`, 404]] as const) {
    expect((await phone.goto(used))?.status()).toBe(status)
    await expect(phone.getByText('This link does not work any more.')).toBeVisible()
  }
  expect((await phone.goto(`${plant.url}/settings/people`))?.status()).toBe(403)

  await phone.goto(`${plant.url}/account`)
  await fitsItsWidth(phone)
  const change = async (present: string, next: string) => {
    await phone.getByLabel('Present password').fill(present)
    await password.fill(next)
    await phone.getByRole('button', { name: 'Change password' }).click()
  }
  await change('a guess of mine', PASSWORD)
  await expect(phone.getByRole('alert').filter({ hasText: 'this is not your present password' })).toBeVisible()
  await expect(phone.getByLabel('Present password')).toHaveAttribute('aria-invalid', 'true')
  await change('windmill lamp 4 sea', PASSWORD)
  await expect(phone.getByRole('status').filter({ hasText: 'Your password is changed.' })).toBeVisible()
  await phone.reload()
  await expect(phone.getByText('Your password is changed.')).toHaveCount(0)
  await phone.getByLabel('Name that others see').fill('Mina Roy')
  await phone.getByLabel('Language').selectOption('Deutsch')
  await phone.getByRole('button', { name: 'Save' }).click()
  await expect(phone.getByRole('heading', { name: 'Ihr Konto' })).toBeVisible()
  await expect(phone.getByText('Gespeichert.')).toBeVisible()

  await page.getByRole('link', { name: 'Back to people' }).click()
  await live(page)
  await page.getByRole('link', { name: 'mina' }).click()
  await expect(page.getByLabel('Name that others see')).toHaveValue('Mina Roy')
  expect(await accessibility(page)).toEqual([])
  await page.getByRole('combobox', { name: 'Role' }).selectOption('viewer')
  await page.getByRole('button', { name: 'Give role' }).click()
  await expect(page.getByText('The roles are changed.')).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'Viewer, all sites' })).toBeVisible()
  await phone.reload()
  await expect(phone).toHaveURL(/\/sign-in/)
  await page.getByText('Erase', { exact: true }).click()
  await page.getByRole('button', { name: 'Erase for good' }).click()
  await expect(page.getByText('The user is erased.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'mina' })).toHaveCount(0)

  await page.getByRole('link', { name: 'Asha Rao' }).click()
  await expect(page.getByText('this session')).toBeVisible()
  expect(await accessibility(page)).toEqual([])
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(page).toHaveURL(`${plant.url}/sign-in`)
  await context.close()

  await page.setViewportSize({ width: 390, height: 844 })
  await fitsItsWidth(page)
  await signIn('ravi', PASSWORD)
  await live(page)
  await page.goto(`${plant.url}/sites/new`)
  await expect(page.getByLabel('Time zone')).toHaveCount(0)
  await fitsItsWidth(page)
})
