/** A page of the dashboard in real Chromium, signed in as a person is. */
import type { Page } from 'playwright'
import { launchBrowser } from '../support/browser.ts'
import { prepareChromium } from '../support/chromium.ts'

export type Person = { email: string; password: string }

export type SignedInPage = { page: Page; close: () => Promise<void> }

/** Signs in through the sign-in page and leaves the person on the overview. */
export async function openSignedIn(url: string, { email, password }: Person): Promise<SignedInPage> {
  await prepareChromium()
  const browser = await launchBrowser()
  try {
    const context = await browser.newContext({ baseURL: url, viewport: { width: 1_440, height: 900 } })
    const page = await context.newPage()
    await page.goto('/sign-in')
    await page.getByLabel('Work email').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    return { page, close: () => browser.close() }
  } catch (error) {
    await browser.close()
    throw error
  }
}

/** Opens the page of live events and waits for its stream. */
export async function openEvents(page: Page): Promise<void> {
  await page.goto('/events')
  await page.getByRole('status').filter({ hasText: 'Stream: Live' }).waitFor()
}

/** What the page of live events says about its stream, such as that it is sampled. */
export function streamSign(page: Page): Promise<string> {
  return page.getByRole('status').filter({ hasText: 'Stream:' }).innerText()
}
