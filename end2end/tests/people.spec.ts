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
})
test.afterAll(async () => plant.stop())

test('people sign in, see what their role allows and sign out, on desk and phone', async ({ page, complaints }) => {
  const name = page.getByLabel('User name')
  const signIn = async (who: string, password: string) => {
    await name.fill(who)
    await page.getByLabel('Password').fill(password)
    await page.getByLabel('Password').press('Enter')
  }
  await expect(async () => {
    await page.goto(`${plant.url}/settings/meters`)
    await expect(page).toHaveURL(/\/sign-in\?next=/, { timeout: 500 })
  }).toPass()
  await expect(page.getByRole('main')).toHaveCSS('display', 'grid')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await accessibility(page, colorScheme === 'dark' ? COLOURS : undefined)).toEqual([])
  }
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

  await page.setViewportSize({ width: 390, height: 844 })
  await fitsItsWidth(page)
  await signIn('ravi', PASSWORD)
  await live(page)
  await page.goto(`${plant.url}/sites/new`)
  await expect(page.getByLabel('Time zone')).toHaveCount(0)
  await fitsItsWidth(page)
})
