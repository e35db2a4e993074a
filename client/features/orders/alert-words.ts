/** What alerts of views say (design §3.17): "Since 14:35: “Stuck over 2 h” has 3 rows." */
import {
  ALERT_ROWS_MAX,
  newsAt,
  type AlertProblem,
  type AlertRule,
  type AlertState,
} from '../../../server/domain/view-alert.ts'
import { formatSince, type TimeZoneChoice } from '../../ui/time-format.ts'

export const AGE_UNITS = ['minutes', 'hours', 'days'] as const
export type AgeUnit = (typeof AGE_UNITS)[number]

export const UNIT_MINUTES: Readonly<Record<AgeUnit, number>> = { minutes: 1, hours: 60, days: 1_440 }
const UNIT_SHORT: Readonly<Record<AgeUnit, string>> = { minutes: 'min', hours: 'h', days: 'days' }

const PROBLEMS: Readonly<Record<AlertProblem, string>> = {
  too_slow: 'Its filter has to look through too many orders.',
  unreadable: 'Its filter is not understood any more.',
  gone: 'It was deleted, or is not shared any more.',
  not_allowed: 'Your role cannot look for people, or cannot see orders.',
  broken: 'Something went wrong. It is logged.',
}

/** An age in the largest unit that says it whole: "36 h", "2 days". */
export function ageOf(minutes: number): { count: number; unit: AgeUnit } {
  const unit = AGE_UNITS.findLast((one) => minutes % UNIT_MINUTES[one] === 0) ?? 'minutes'
  return { count: minutes / UNIT_MINUTES[unit], unit }
}

function ageText(minutes: number): string {
  const { count, unit } = ageOf(minutes)
  return count === 1 && unit === 'days' ? '1 day' : `${count} ${UNIT_SHORT[unit]}`
}

/** The rule as the end of "You are told …". */
export function ruleText({ kind, threshold }: AlertRule): string {
  return kind === 'more_than'
    ? `when there are more than ${threshold} ${threshold === 1 ? 'row' : 'rows'}`
    : `when the oldest is over ${ageText(threshold)}`
}

export type ToldAlert = AlertState & { name: string; rule: AlertRule }
type Clock = { now: Date; zone: TimeZoneChoice }

/** What happened after `seenAt`, a sentence each. */
export function newsTexts(alert: ToldAlert & { seenAt: Date | null }, { now, zone }: Clock): string[] {
  const { roseAt, fellAt, problem, problemAt, seenAt } = alert
  const isNew = (at: Date) => newsAt({ roseAt: at, problemAt: null }, seenAt) !== null
  const since = (at: Date) => formatSince(at, now, zone)
  const texts: string[] = []
  if (roseAt !== null && isNew(roseAt))
    texts.push(
      fellAt === null
        ? `Since ${since(roseAt)}: ${foundText(alert, true)}`
        : `From ${since(roseAt)} to ${since(fellAt)}: ${foundText(alert, false)}`,
    )
  if (problem !== null && problemAt !== null && isNew(problemAt))
    texts.push(`Since ${since(problemAt)}: “${alert.name}” could not be checked. ${PROBLEMS[problem]}`)
  return texts
}

function foundText({ name, rule, roseRows }: ToldAlert, still: boolean): string {
  if (rule.kind === 'oldest_over')
    return `the oldest row of “${name}” ${still ? 'is' : 'was'} over ${ageText(rule.threshold)}.`
  return `“${name}” ${still ? 'has' : 'had'} ${rowsText(roseRows, rule.threshold)}.`
}

function rowsText(rows: number | null, threshold: number): string {
  if (rows === null) return `more than ${threshold} ${threshold === 1 ? 'row' : 'rows'}`
  if (rows > ALERT_ROWS_MAX) return `${ALERT_ROWS_MAX}+ rows`
  return rows === 1 ? '1 row' : `${rows} rows`
}

/** How an alert stands now. */
export function standText(alert: ToldAlert & { checkedAt: Date | null }, { now, zone }: Clock): string {
  const { holds, roseAt, problem, problemAt, checkedAt } = alert
  if (problem !== null && problemAt !== null)
    return `Could not be checked since ${formatSince(problemAt, now, zone)}. ${PROBLEMS[problem]}`
  if (checkedAt === null) return 'Not checked yet.'
  return holds && roseAt !== null
    ? `True since ${formatSince(roseAt, now, zone)}.`
    : `Not true at ${formatSince(checkedAt, now, zone)}.`
}
