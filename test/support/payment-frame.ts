/** Presses on the payment page where the shop's page frames it. */
import type { Locator, Page } from 'playwright'

/**
 * Presses a button of the framed payment page, once the frame is where it stays. The frame is shown before it knows how
 * high its page is: it then grows and the button moves. A press meanwhile lands beside the frame's button, and
 * Playwright, which watches only inside the frame, takes it for done.
 */
export async function pressInFrame(page: Page, button: Locator): Promise<void> {
  await button.scrollIntoViewIfNeeded()
  await page.locator('iframe[title=Payment]').evaluate(standsStill, await button.evaluate(heightOfPage))
  await button.click()
}

/** How high the page around an element is when all of it is there. */
async function heightOfPage({ ownerDocument: { defaultView, documentElement, readyState } }: Element) {
  if (readyState !== 'complete') await new Promise((done) => defaultView?.addEventListener('load', done))
  return documentElement.offsetHeight
}

/**
 * Resolves when a frame that high has stayed where it is for some frames of the screen: the browser finds what is
 * pressed in it by where it was drawn last.
 */
async function standsStill(frame: Element, fullHeight: number): Promise<void> {
  let place = ''
  for (let still = 0; still < 10;) {
    await new Promise(requestAnimationFrame)
    const { top, height } = frame.getBoundingClientRect()
    const now = `${top} ${height}`
    still = now === place && Math.round(height) === fullHeight ? still + 1 : 0
    place = now
  }
}
