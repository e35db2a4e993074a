import { useSyncExternalStore } from 'react'

/** Below this width lists are cards (design §2.4). */
const PHONE = '(max-width: 639px)'

/** Asked for once: each query that is made costs the browser, and a list asks with every drawing. */
let query: MediaQueryList | null = null
const phone = (): MediaQueryList => (query ??= window.matchMedia(PHONE))

function subscribe(listener: () => void): () => void {
  phone().addEventListener('change', listener)
  return () => phone().removeEventListener('change', listener)
}

/** Whether the window is as narrow as a phone. */
export function usePhone(): boolean {
  return useSyncExternalStore(subscribe, () => phone().matches)
}
