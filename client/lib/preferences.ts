/** Display choices of this person in this browser: kept in local storage, shared by its tabs. */
import { useSyncExternalStore } from 'react'
import { z } from 'zod/mini'
import { DENSITIES, type Density } from '../../server/domain/list-view.ts'
import { TELL_LANGUAGES } from '../../server/domain/refund-tell.ts'

/** Where Mantine keeps the colour scheme; client/public/scheme.js reads the same key before the first paint. */
export const SCHEME_KEY = 'paydesk.scheme'
const PREFERENCES_KEY = 'paydesk.preferences'

const preferencesSchema = z.object({
  timeZone: z.catch(z.enum(['IST', 'UTC']), 'IST'),
  density: z.catch(z.enum(DENSITIES), 'default'),
  singleKeys: z.catch(z.boolean(), true),
  /** The reason of the last refund asked for, when it needs no note: most come in runs. */
  refundReason: z.catch(z.string().check(z.maxLength(40)), ''),
  /** Live events: a sound when an event fails. */
  feedSound: z.catch(z.boolean(), false),
  /** Notifications of the browser: for failed events and refused deliveries, and for views with an alert. */
  feedNotify: z.catch(z.boolean(), false),
  /** Live events: a screen reader hears the sum of what came, every ten seconds at most. */
  feedSpeech: z.catch(z.boolean(), true),
  /** The overview: seconds between asking again by itself; 0 for never. */
  overviewRefresh: z.catch(z.literal([0, 10, 60, 300]), 60),
  /** The language of sentences for customers, whatever language the dashboard is in. */
  tellLanguage: z.catch(z.enum(TELL_LANGUAGES), 'en'),
  /** How texts for customers are sent. */
  tellChannel: z.catch(z.enum(['sms', 'whatsapp', 'email']), 'sms'),
})

export type Preferences = z.infer<typeof preferencesSchema>

let current: Preferences = read()
const listeners = new Set<() => void>()

function read(): Preferences {
  try {
    const stored = preferencesSchema.safeParse(JSON.parse(localStorage.getItem(PREFERENCES_KEY) ?? '{}'))
    if (stored.success) return stored.data
  } catch {
    // Storage is off or holds something else: use the defaults.
  }
  return preferencesSchema.parse({})
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  const onStorage = (event: StorageEvent) => {
    if (event.key !== PREFERENCES_KEY) return
    current = read()
    listener()
  }
  window.addEventListener('storage', onStorage)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', onStorage)
  }
}

/** The choices now; the component renders again when one changes. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current)
}

/** Changes one choice and keeps it. */
export function setPreference<Key extends keyof Preferences>(key: Key, value: Preferences[Key]): void {
  current = { ...current, [key]: value }
  try {
    localStorage.setItem(PREFERENCES_KEY, JSON.stringify(current))
  } catch {
    // Kept for this page only.
  }
  for (const listener of listeners) listener()
}

/** Compact, default, comfortable, and round again. */
export function nextDensity(density: Density): Density {
  return DENSITIES[(DENSITIES.indexOf(density) + 1) % DENSITIES.length] ?? 'default'
}

/** IST to UTC and back. */
export function toggleTimeZone(): Preferences['timeZone'] {
  const next = current.timeZone === 'IST' ? 'UTC' : 'IST'
  setPreference('timeZone', next)
  return next
}
