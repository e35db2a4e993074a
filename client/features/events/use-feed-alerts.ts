import { useEffect, useEffectEvent, useRef } from 'react'
import { notify } from '../../lib/browser-notice.ts'
import { usePreferences } from '../../lib/preferences.ts'
import type { EventRow } from './event-types.ts'
import { eventSpoken } from './event-words.ts'

const BEEP_HZ = 440
const BEEP_SECONDS = 0.18
const BEEP_VOLUME = 0.08
/** A burst of failures is one sound and one notification. */
const QUIET_MS = 5_000
const NEWS_MS = 15 * 60_000

/**
 * Tells of failed events and refused deliveries by sound and by the browser's notifications, as the person chose. Give
 * the returned function every row that the feed learns of.
 */
export function useFeedAlerts(refused: number | null): (rows: readonly EventRow[]) => void {
  const { feedSound, feedNotify } = usePreferences()
  const last = useRef({ sound: 0, note: 0 })
  const counted = useRef<number | null>(null)
  const tried = useRef(new Set<string>())

  function alert(title: string, body: string, tag: string) {
    const now = Date.now()
    if (feedSound && now - last.current.sound > QUIET_MS) {
      last.current.sound = now
      beep()
    }
    if (feedNotify && now - last.current.note > QUIET_MS) {
      last.current.note = now
      notify(title, body, tag)
    }
  }

  function hear(rows: readonly EventRow[]) {
    for (const row of rows) {
      const seen = `${row.id} ${row.status}`
      if ((row.status !== 'failed' && row.status !== 'dead') || tried.current.has(seen)) continue
      // An event is told again after each try; one failure is one alert until it is given up.
      tried.current.add(seen)
      // What failed before the page opened is on the list, not news.
      if (Date.now() - row.lastReceivedAt.getTime() > NEWS_MS) continue
      alert('A webhook failed', `${eventSpoken(row)}. ${row.error ?? ''}`.trim(), row.id)
    }
  }

  const onRefused = useEffectEvent((more: number) =>
    alert(
      'A webhook was refused',
      more === 1
        ? 'One delivery did not pass the sender check.'
        : `${more} deliveries did not pass the sender check.`,
      'refused',
    ),
  )
  useEffect(() => {
    if (refused === null) return
    const before = counted.current
    counted.current = refused
    if (before !== null && refused > before) onRefused(refused - before)
  }, [refused])
  return hear
}

/** A short tone made on the spot: no file to load, and silent where the browser allows no sound. */
function beep(): void {
  try {
    const context = new AudioContext()
    const tone = context.createOscillator()
    const volume = context.createGain()
    volume.gain.value = BEEP_VOLUME
    tone.frequency.value = BEEP_HZ
    tone.connect(volume).connect(context.destination)
    tone.start()
    tone.stop(context.currentTime + BEEP_SECONDS)
    tone.onended = () => void context.close()
  } catch {
    // No sound device, or none allowed.
  }
}
