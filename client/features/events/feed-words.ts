/** Sentences of the live feed. */
import { WAITING_ROWS_MAX } from './event-feed.ts'

const COUNT = new Intl.NumberFormat('en-IN')

export type Hold = 'paused' | 'scrolled' | null

/** What the line above the rows says while the list is held; null when there is nothing to say. */
export function waitingText(waiting: number, hold: Hold): string | null {
  if (hold === null || (hold === 'scrolled' && waiting === 0)) return null
  if (waiting > WAITING_ROWS_MAX) return `${COUNT.format(WAITING_ROWS_MAX)} waiting. Older ones are in Search`
  const count = COUNT.format(waiting)
  return hold === 'paused' ? `Paused. ${count} waiting` : `${count} new. Press Home`
}

/** "3.2 events/s"; below one in ten seconds by the minute, where a figure still says something. */
export function rateText(perMinute: number): string {
  const perSecond = perMinute / 60
  if (perSecond >= 10) return `${COUNT.format(Math.round(perSecond))} events/s`
  if (perSecond >= 0.1) return `${Math.round(perSecond * 10) / 10} events/s`
  return `${Math.round(perMinute * 10) / 10} events/min`
}

/** Where "1 in 8" comes from, and how to see all. */
export function sampledText(oneIn: number, perSecond: number): string {
  return `Showing 1 in ${oneIn}. ${COUNT.format(Math.round(perSecond))} events/s. Narrow the filter to see all.`
}

/** A share as it is true: 100% only when nothing was refused. */
export function shareText(passed: number, all: number): string {
  if (all === 0) return 'none to check'
  const percent = (passed / all) * 100
  return `${passed === all ? '100' : Math.min(99.9, Math.floor(percent * 10) / 10)}%`
}
