/** Whether webhooks are well, put together from the slots of reception and from what waits. Reads only, each bounded. */
import { eventLabel } from '../domain/event-name.ts'
import {
  compareWithUsual,
  DAY_MS,
  delayOf,
  HOUR_MS,
  HOUR_SECONDS,
  slotOf,
  STRIP_MS,
  USUAL_DAYS,
  usualDays,
  usualRate,
  type HourCount,
} from '../domain/event-rate.ts'
import { silenceOf } from '../domain/silence.ts'
import type { Deps } from '../services/deps.ts'
import { BACKLOG_MAX, RECENT_MS } from '../store/event-rates-read.ts'
import {
  partitionView,
  rejectionCauseView,
  rejectionView,
  type FeedHealthView,
  type NameRateView,
  type WebhookHealthView,
} from './views/health.ts'
import { stripView, type SilenceView } from './views/rate.ts'

/** How far back refused deliveries are counted. */
const REFUSED_MS = DAY_MS
/** Refused deliveries shown one by one. */
const SAMPLES_SHOWN = 20
/** Hours of the long chart. */
const HOURS_SHOWN = 24

/** The figures around the feed. */
export async function feedHealth(deps: Deps, accountId: string): Promise<FeedHealthView> {
  const { eventRates, webhookEvents } = deps.store
  const now = deps.clock.now()
  const [lastReceivedAt, recent, delays, backlog, rejected, username] = await Promise.all([
    eventRates.lastReceivedAt(accountId),
    // The slot that has just begun is part of it.
    eventRates.countSince(accountId, ago(now, RECENT_MS), ago(now, -1)),
    eventRates.delays(accountId, ago(now, STRIP_MS)),
    eventRates.backlog(accountId),
    webhookEvents.rejections(accountId, ago(now, REFUSED_MS)),
    usernameOf(deps, accountId),
  ])
  const lag = delayOf(delays.lag)
  const took = delayOf(delays.apply)
  return {
    lastReceivedAt,
    ratePerMinute: recent / (RECENT_MS / 60_000),
    p50LagMs: lag?.p50 ?? null,
    p95LagMs: lag?.p95 ?? null,
    p50TookMs: took?.p50 ?? null,
    p95TookMs: took?.p95 ?? null,
    backlog: backlog.count,
    oldestBacklogAt: backlog.oldestAt,
    rejected: rejected
      .map((found) => rejectionCauseView(found, username))
      .map(({ cause, count, lastAt, last }) => ({ cause, count, lastAt, words: last?.words ?? cause })),
  }
}

/** Whether nothing has come for longer than is usual. */
export async function silenceNow(deps: Deps, accountId: string): Promise<SilenceView> {
  const { eventRates } = deps.store
  const since = await eventRates.lastReceivedAt(accountId)
  return silenceOf(await eventRates.silenceFacts(accountId, since, deps.clock.now()))
}

/**
 * Everything the health page shows.
 * @param dayStart when "today" began for whoever looks
 */
export async function webhookHealth(
  deps: Deps,
  accountId: string,
  dayStart: Date,
): Promise<Omit<WebhookHealthView, 'streams'>> {
  const { store, clock } = deps
  const now = clock.now()
  const [silence, pace, delays, backlog, trouble, rejections, storage, figures] = await Promise.all([
    silenceNow(deps, accountId),
    paceOf(deps, accountId, dayStart),
    store.eventRates.delays(accountId, ago(now, STRIP_MS)),
    store.eventRates.backlog(accountId),
    store.webhookHealth.trouble(accountId),
    rejectionsOf(deps, accountId),
    storageOf(deps),
    store.figures.checkState(accountId),
  ])
  return {
    lastReceivedAt: silence.since,
    silence,
    recentMs: RECENT_MS,
    ...pace,
    lag: delayOf(delays.lag),
    apply: delayOf(delays.apply),
    backlog: { ...backlog, atLeast: backlog.count >= BACKLOG_MAX },
    failed: trouble.failed,
    dead: trouble.dead,
    unconfirmed: { count: trouble.unconfirmed, oldestAt: trouble.unconfirmedSince },
    rejections,
    storage,
    figures: { checkedAt: figures.checkedAt, difference: figures.difference },
  }
}

/** Rates: as a whole, by name, and by the hour, each beside what is usual. */
async function paceOf(deps: Deps, accountId: string, dayStart: Date) {
  const { eventRates } = deps.store
  const now = deps.clock.now()
  const hour = slotOf(now, HOUR_SECONDS)
  const shownFrom = ago(hour, (HOURS_SHOWN - 1) * HOUR_MS)
  const [names, counts, hours, firstHour] = await Promise.all([
    eventRates.names(accountId, dayStart, now),
    eventRates.hourCounts(accountId, ago(shownFrom, USUAL_DAYS * DAY_MS), hour),
    eventRates.hours(accountId, shownFrom),
    eventRates.firstHour(accountId),
  ])
  const days = usualDays(firstHour, now)
  const recent = names.reduce((sum, { recent: n }) => sum + n, 0)
  const usual = await usualNow(deps, accountId, { counts, firstHour, now })
  const expected = usual.rate === null ? null : hundredths(usual.rate * RECENT_MS)
  return {
    rate: { ...compareWithUsual(recent, expected), count: recent, expected, basis: usual.basis },
    names: names.map((name): NameRateView => {
      const usually = days === 0 ? null : hundredths((name.sameHours / days / HOUR_MS) * RECENT_MS)
      return {
        ...compareWithUsual(name.recent, usually),
        count: name.recent,
        expected: usually,
        eventName: name.eventName,
        label: eventLabel(name.eventName === '' ? null : name.eventName),
        lastAt: name.lastAt,
        today: name.today,
      }
    }),
    hours: hoursView({ hours, counts, firstHour, from: shownFrom, to: hour }),
  }
}

/** The usual rate at this hour; of an account that is new, that of the hour before. */
async function usualNow(
  deps: Deps,
  accountId: string,
  known: { counts: readonly HourCount[]; firstHour: Date | null; now: Date },
): Promise<{ rate: number | null; basis: 'same_hour' | 'last_hour' | null }> {
  const { counts, firstHour, now } = known
  const rate = usualRate(counts, firstHour, now)
  if (rate !== null) return { rate, basis: 'same_hour' }
  const to = ago(now, RECENT_MS)
  const from = ago(to, HOUR_MS)
  if (firstHour === null || firstHour.getTime() + HOUR_MS > from.getTime()) return { rate: null, basis: null }
  const count = await deps.store.eventRates.countSince(accountId, from, to)
  return { rate: count / HOUR_MS, basis: 'last_hour' }
}

function hoursView(of: {
  hours: Parameters<typeof stripView>[0]
  counts: readonly HourCount[]
  firstHour: Date | null
  from: Date
  to: Date
}): WebhookHealthView['hours'] {
  const strip = stripView(of.hours, HOUR_MS, of.from, of.to)
  const usual = strip.slots.map(({ at }) => {
    const rate = usualRate(of.counts, of.firstHour, at)
    return rate === null ? null : Math.round(rate * HOUR_MS)
  })
  return { ...strip, usual }
}

async function rejectionsOf(deps: Deps, accountId: string): Promise<WebhookHealthView['rejections']> {
  const { webhookEvents } = deps.store
  const [causes, samples, username] = await Promise.all([
    webhookEvents.rejections(accountId, ago(deps.clock.now(), REFUSED_MS)),
    webhookEvents.rejectionSamples(accountId, SAMPLES_SHOWN),
    usernameOf(deps, accountId),
  ])
  return {
    causes: causes.map((found) => rejectionCauseView(found, username)),
    samples: samples.map((sample) => rejectionView(sample, username)),
  }
}

async function storageOf(deps: Deps): Promise<WebhookHealthView['storage']> {
  const [partitions, unsafeSettings] = await Promise.all([
    deps.store.partitions.sizes(),
    deps.store.webhookHealth.unsafeSettings(),
  ])
  return {
    retentionDays: deps.webhookRetentionDays,
    unsafeSettings,
    partitions: partitions.map(partitionView),
  }
}

async function usernameOf(deps: Deps, accountId: string): Promise<string> {
  return (await deps.store.accounts.byId(accountId))?.webhookUsername ?? ''
}

function hundredths(n: number): number {
  return Math.round(n * 100) / 100
}

function ago(at: Date, ms: number): Date {
  return new Date(at.getTime() - ms)
}
