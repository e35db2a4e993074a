/** The browser half of Juspay's HyperSDK (API reference §8): loading its script, and the shape of what it says. */
import { z } from 'zod/mini'

const eventShape = z.object({
  event: z.string(),
  payload: z.catch(z.record(z.string(), z.json()), {}),
  error: z.catch(z.boolean(), false),
  errorCode: z.catch(z.string(), ''),
  errorMessage: z.catch(z.string(), ''),
})

/** One event of the SDK's callback. */
export type SdkEvent = z.infer<typeof eventShape>

/** What the page uses of a HyperServices instance. */
export type HyperServices = {
  initiate: (payload: unknown, callback: (event: unknown) => void) => void
  process: (payload: unknown) => void
  /** Whether the SDK takes care of it: then a `process_result` follows. Not every release for the web has it. */
  onBackPressed?: () => boolean
  terminate: () => void
}

export type HyperServicesClass = { new (): HyperServices; preFetch: (payload: unknown) => void }

declare global {
  interface Window {
    HyperServices?: HyperServicesClass
  }
}

/** A script that has not arrived by then is treated as missing. */
const SCRIPT_TIMEOUT_MS = 10_000

/** The script could not be loaded; the message says from where. */
export class ScriptMissingError extends Error {
  override name = 'ScriptMissingError'
}

let loading: { url: string; script: Promise<HyperServicesClass> } | null = null

/** Loads the script once a page. A failed load is forgotten, so that it can be tried again. */
export function loadHyperServices(url: string): Promise<HyperServicesClass> {
  if (loading?.url === url) return loading.script
  const script = insertScript(url)
  loading = { url, script }
  script.catch(() => {
    loading = null
  })
  return script
}

function insertScript(url: string): Promise<HyperServicesClass> {
  return new Promise((resolve, reject) => {
    const element = document.createElement('script')
    const fail = () => {
      clearTimeout(timer)
      element.remove()
      reject(new ScriptMissingError(`The payment script did not load from ${url}.`))
    }
    const timer = setTimeout(fail, SCRIPT_TIMEOUT_MS)
    element.src = url
    element.addEventListener('error', fail)
    element.addEventListener('load', () => {
      clearTimeout(timer)
      if (window.HyperServices) resolve(window.HyperServices)
      else fail()
    })
    document.head.append(element)
  })
}

/** Reads what the callback was given; some SDKs pass JSON text. Null when it is neither. */
export function readSdkEvent(given: unknown): SdkEvent | null {
  try {
    const parsed = eventShape.safeParse(typeof given === 'string' ? JSON.parse(given) : given)
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
