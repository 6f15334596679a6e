import { expect, type Page } from '@playwright/test'
import { open } from './tests/page'

/** The first steps as a person takes them, for the test of them and for their pictures. */
export class FirstSteps {
  constructor(
    readonly page: Page,
    readonly url: string,
  ) {}

  /** From the empty overview to the list of steps. */
  async begin(): Promise<void> {
    await open(this.page, `${this.url}/`)
    await this.page.getByRole('link', { name: 'Add your first meter' }).click()
    await expect(this.page).toHaveURL(/\/start$/)
    await this.says('From nothing to the first loss figure')
  }

  async says(headline: string): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(headline, { timeout: 20_000 })
  }

  async name(name: string): Promise<void> {
    const form = this.page.locator('form[data-act="site-name"]')
    await form.getByLabel('Name', { exact: true }).fill(name)
    await form.getByLabel('Time zone').fill('Europe/Berlin')
    await form.getByLabel('Currency').fill('EUR')
    await form.getByLabel('Price per kWh').fill('0.25')
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(this.page.locator('.done').filter({ hasText: `called ${name} now` })).toBeVisible()
    await expect(this.page.locator('#start-content-0')).toContainText(`${name}, Europe/Berlin, €0.25 per kWh`)
  }

  /** Adds a meter over HTTP by the link of a step, and comes back to the steps. */
  async add(link: string | RegExp, fields: Record<string, string>): Promise<void> {
    await this.page.getByRole('link', { name: link }).click()
    await this.page.getByRole('link', { name: 'HTTP', exact: true }).click()
    for (const [label, value] of Object.entries(fields)) {
      await this.page.getByLabel(label, { exact: true }).fill(value)
    }
    await this.page.getByRole('button', { name: 'Check', exact: true }).click()
    await this.page.getByRole('button', { name: 'Read now' }).click()
    await expect(this.page.locator('#device-probe')).toContainText(/It answered in \d+ ms/)
  }

  async save(): Promise<void> {
    await this.page.getByRole('button', { name: /^Save/ }).click()
    await this.page.getByRole('link', { name: /Go on with the first steps/ }).click()
    await expect(this.page).toHaveURL(/\/start$/)
  }

  /** The line of a step's meter. */
  meter(step: number) {
    return this.page.locator(`#start-content-${step} .start-meter`)
  }
}
