/** One real page of live events in Chromium, which notes when the row of each event appears in its document. */
import type { Browser, Page } from 'playwright'
import { numberOfEventId } from '../faults/feed-writers.ts'
import { launchBrowser } from '../support/browser.ts'
import { prepareChromium } from '../support/chromium.ts'

export type FeedPage = {
  /** When the row of event `n` was first in the document, in milliseconds since the epoch. */
  appearedAt(): Promise<Map<number, number>>
  /** What the page says about its stream, such as that it is sampled. */
  sign(): Promise<string>
  close(): Promise<void>
}

/** Signs in as a person does and opens the page of live events. */
export async function openFeedPage(url: string, email: string, password: string): Promise<FeedPage> {
  await prepareChromium()
  const browser = await launchBrowser()
  try {
    const page = await openEvents(browser, url, email, password)
    await page.evaluate(watchRows)
    return {
      async appearedAt() {
        const seen = await page.evaluate(() => [...Reflect.get(window, 'appeared')])
        return new Map(seen.map(([id, at]: [string, number]) => [numberOfEventId(id), at]))
      },
      sign: () => page.getByRole('status').filter({ hasText: 'Stream:' }).innerText(),
      close: () => browser.close(),
    }
  } catch (error) {
    await browser.close()
    throw error
  }
}

async function openEvents(browser: Browser, url: string, email: string, password: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1_440, height: 900 } })
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.getByLabel('Work email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  await page.goto('/events')
  await page.getByRole('status').filter({ hasText: 'Stream: Live' }).waitFor()
  return page
}

/** Runs in the page: each row leads to its event. */
function watchRows(): void {
  const appeared = new Map<string, number>()
  Reflect.set(window, 'appeared', appeared)
  const look = (): void => {
    const now = performance.timeOrigin + performance.now()
    for (const link of document.querySelectorAll('a[href^="/events/00000000-"]')) {
      const id = link.getAttribute('href')?.slice('/events/'.length, '/events/'.length + 36) ?? ''
      if (!appeared.has(id)) appeared.set(id, now)
    }
  }
  new MutationObserver(look).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['href'],
  })
}
