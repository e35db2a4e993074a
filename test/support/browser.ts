/**
 * One Chromium per test file, and visits with it: a visit is a person with a cookie jar and a page, watched for
 * everything that must not happen on a page of ours.
 */
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright'
import { chromiumLaunchOptions } from './chromium.ts'

export type Scheme = 'light' | 'dark'

export type VisitOptions = {
  scheme?: Scheme
  viewport?: { width: number; height: number }
  /** With fingers and no mouse. */
  touch?: boolean
  /** Cookies of somebody who has signed in before. */
  signedIn?: Awaited<ReturnType<BrowserContext['storageState']>>
}

export type Visit = {
  page: Page
  context: BrowserContext
  /** From here on, trouble that matches is expected: a refusal the test asks for, a connection it cuts. */
  allow(trouble: RegExp): void
  /** What went wrong so far and was not allowed. */
  troubles(): string[]
  close(): Promise<void>
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch(chromiumLaunchOptions)
}

/** The desktop of the design's proofs. */
export const DESKTOP = { width: 1440, height: 900 } as const
/** The phone of the design's proofs. */
export const PHONE = { width: 390, height: 844 } as const

/** How long a locator waits, on a machine that does other things too. */
const ACTION_MS = 15_000

/** Opens a window. Animations are off, so that what is measured is what stays. */
export async function startVisit(
  browser: Browser,
  baseURL: string,
  options: VisitOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    baseURL,
    locale: 'en-IN',
    timezoneId: 'Asia/Kolkata',
    colorScheme: options.scheme ?? 'light',
    reducedMotion: 'reduce',
    viewport: options.viewport ?? DESKTOP,
    ...(options.touch ? { hasTouch: true, isMobile: true } : {}),
    ...(options.signedIn ? { storageState: options.signedIn } : {}),
  })
  context.setDefaultTimeout(ACTION_MS)
  const seen: string[] = []
  const allowed: RegExp[] = []
  context.on('page', (page) => watch(page, seen))
  const page = await context.newPage()
  return {
    page,
    context,
    allow: (trouble) => void allowed.push(trouble),
    troubles: () => seen.filter((trouble) => !allowed.some((pattern) => pattern.test(trouble))),
    close: () => context.close(),
  }
}

/** Errors on the console (violations of the content policy among them), uncaught exceptions, faults of the server. */
function watch(page: Page, seen: string[]): void {
  page.on('pageerror', (error) => seen.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') seen.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('response', (response) => {
    if (response.status() >= 500) seen.push(`server: ${response.status()} ${response.url()}`)
  })
}
