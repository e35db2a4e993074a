/** One real page of live events in Chromium, which notes when the row of each event appears in its document. */
import { numberOfEventId } from '../faults/feed-writers.ts'
import { openEvents, openSignedIn, streamSign } from './signed-in-page.ts'

export type FeedPage = {
  /** When the row of event `n` was first in the document, in milliseconds since the epoch. */
  appearedAt(): Promise<Map<number, number>>
  /** What the page says about its stream, such as that it is sampled. */
  sign(): Promise<string>
  close(): Promise<void>
}

/** Signs in as a person does and opens the page of live events. */
export async function openFeedPage(url: string, email: string, password: string): Promise<FeedPage> {
  const { page, close } = await openSignedIn(url, { email, password })
  try {
    await openEvents(page)
    await page.evaluate(watchRows)
    return {
      async appearedAt() {
        const seen = await page.evaluate(() => [...Reflect.get(window, 'appeared')])
        return new Map(seen.map(([id, at]: [string, number]) => [numberOfEventId(id), at]))
      },
      sign: () => streamSign(page),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
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
