/**
 * Alerts of views of the transactions list (design §3.17): when there are more than so many rows, or when the oldest row
 * is older than so long. Whoever set one is told when it becomes true, not that it is; again only after it had been
 * false. A list that could not be looked at says nothing about its rows, neither yes nor no.
 */
import { z } from 'zod/mini'
import { personalLooks } from './personal-search.ts'
import { roleCan, type Role } from './permission.ts'
import type { SearchQuery } from './search-query.ts'

/** Alerts that one person may have on one account: each looks through orders once a minute, all day. */
export const ALERTS_MAX = 20
/** A tab counts as far (§3.17), so that what is told can be seen there. */
export const ALERT_ROWS_MAX = 999
export const ALERT_MINUTES_MAX = 30 * 24 * 60

export const ALERT_KINDS = ['more_than', 'oldest_over'] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

/** `threshold` is rows of `more_than`, and minutes of `oldest_over`. */
export type AlertRule = { kind: AlertKind; threshold: number }

/** What is wrong with a rule; null when nothing is. */
export function ruleProblem({ kind, threshold }: AlertRule): string | null {
  if (kind === 'more_than')
    return Number.isInteger(threshold) && threshold >= 0 && threshold <= ALERT_ROWS_MAX
      ? null
      : `Enter a number of rows from 0 to ${ALERT_ROWS_MAX}.`
  return Number.isInteger(threshold) && threshold >= 1 && threshold <= ALERT_MINUTES_MAX
    ? null
    : 'Enter a time from 1 minute to 30 days.'
}

export const alertRule = z
  .strictObject({ kind: z.enum(ALERT_KINDS), threshold: z.int() })
  .check(z.refine((rule) => ruleProblem(rule) === null, 'not a rule'))

/**
 * Why a view could not be looked at: it took too long, its filter is not understood (any more), its owner has taken it
 * away, the person may not look for what is in it (any more), or something of ours broke.
 */
export const ALERT_PROBLEMS = ['too_slow', 'unreadable', 'gone', 'not_allowed', 'broken'] as const
export type AlertProblem = (typeof ALERT_PROBLEMS)[number]

/** What a look at the rows of a view found: more rows than the threshold or not; the oldest, null without any. */
export type AlertLook = { kind: 'more_than'; more: boolean } | { kind: 'oldest_over'; oldestAt: Date | null }

/**
 * Whether the rule is true of what was found. The age of a row is counted from when its order was created, which is the
 * time that the time range of the list is of, too: rows outside the range are none of the view's.
 */
export function ruleHolds({ threshold }: AlertRule, look: AlertLook, now: Date): boolean {
  if (look.kind === 'more_than') return look.more
  return look.oldestAt !== null && now.getTime() - look.oldestAt.getTime() > threshold * 60_000
}

export type AlertState = {
  /** What the last look that could be had said; false before the first. */
  holds: boolean
  /** When it last became true; null when it never did. */
  roseAt: Date | null
  /** How many rows there were then, {@link ALERT_ROWS_MAX} + 1 for more; null when they were not counted. */
  roseRows: number | null
  /** When it last became false after that. */
  fellAt: Date | null
  /** Why the last look could not be had; null when it could. */
  problem: AlertProblem | null
  /** Since when there has been a problem, whichever it was. */
  problemAt: Date | null
}

export const NEW_ALERT: AlertState = {
  holds: false,
  roseAt: null,
  roseRows: null,
  fellAt: null,
  problem: null,
  problemAt: null,
}

/** What a look came to; `rows` are how many there are when the rule is true and they were counted. */
export type AlertResult = { holds: boolean; rows: number | null } | { problem: AlertProblem }

/** The state after a look. */
export function afterLook(before: AlertState, result: AlertResult, now: Date): AlertState {
  if ('problem' in result) return { ...before, problem: result.problem, problemAt: before.problemAt ?? now }
  const { holds, rows } = result
  const looked = { ...before, holds, problem: null, problemAt: null }
  if (holds === before.holds) return looked
  return holds ? { ...looked, roseAt: now, roseRows: rows, fellAt: null } : { ...looked, fellAt: now }
}

/** Whether there is something else to show than before. */
export function hasChanged(before: AlertState, after: AlertState): boolean {
  return before.holds !== after.holds || before.problem !== after.problem
}

/** When the newest thing happened that a person who looked at `seenAt` does not know of; null when there is none. */
export function newsAt(
  { roseAt, problemAt }: Pick<AlertState, 'roseAt' | 'problemAt'>,
  seenAt: Date | null,
): Date | null {
  const known = seenAt?.getTime() ?? -Infinity
  const news = [roseAt, problemAt].flatMap((at) =>
    at !== null && at.getTime() > known ? [at.getTime()] : [],
  )
  return news.length === 0 ? null : new Date(Math.max(...news))
}

/**
 * Whether a role may have a filter looked at while nobody is there. A list names the person who was looked for in the
 * audit log each time (personal-search.ts); a standing look would be one entry for days, so it is for those who may see
 * personal data anyway.
 */
export function mayWatch(role: Role, query: SearchQuery): boolean {
  return roleCan(role, 'order:read') && (personalLooks(query).length === 0 || roleCan(role, 'order:pii'))
}
