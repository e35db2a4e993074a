/** What the screens are told about whether webhooks are well. */
import type { Comparison, Delay } from '../../domain/event-rate.ts'
import { adviseOnRejection, describeRejection, type RejectionCause } from '../../domain/rejection.ts'
import type { PartitionSize } from '../../store/webhook-partitions.ts'
import type { RejectionCount, RejectionSample } from '../../store/webhook-rejections.ts'
import type { SilenceView, StripView } from './rate.ts'

/** Few figures, asked for again and again by the feed. */
export type FeedHealthView = {
  lastReceivedAt: Date | null
  ratePerMinute: number
  p50LagMs: number | null
  p95LagMs: number | null
  /** From receipt to the end of processing. */
  p50TookMs: number | null
  p95TookMs: number | null
  backlog: number
  oldestBacklogAt: Date | null
  rejected: { cause: RejectionCause; count: number; lastAt: Date; words: string }[]
}

export type RateView = Comparison & {
  /** Events in the last minutes, and how many there usually are. */
  count: number
  expected: number | null
}

export type NameRateView = RateView & {
  /** Empty for events whose name cannot be read. */
  eventName: string
  label: string
  lastAt: Date
  today: number
}

export type RejectionView = {
  cause: RejectionCause
  words: string
  at: Date
  remoteAddress: string
  userAgent: string | null
}

export type RejectionCauseView = {
  cause: RejectionCause
  count: number
  lastAt: Date
  /** What failed with the newest; null when it is not kept. */
  last: RejectionView | null
  advice: string | null
}

export type PartitionView = {
  /** The month (yyyymm) of Juspay's own dates; 0 for events without one. */
  bucket: number
  events: number
  bytes: number
}

export type WebhookHealthView = {
  lastReceivedAt: Date | null
  silence: SilenceView
  /** How long "now" is for every rate. */
  recentMs: number
  rate: RateView & { basis: 'same_hour' | 'last_hour' | null }
  names: NameRateView[]
  /** Event time to received, and received to applied, in the last quarter of an hour. */
  lag: Delay
  apply: Delay
  backlog: { count: number; oldestAt: Date | null; atLeast: boolean }
  failed: number
  dead: number
  unconfirmed: { count: number; oldestAt: Date | null }
  rejections: { causes: RejectionCauseView[]; samples: RejectionView[] }
  /** The last day by the hour, and how many events each hour usually has. */
  hours: StripView & { usual: (number | null)[] }
  storage: { retentionDays: number; unsafeSettings: string[]; partitions: PartitionView[] }
  /** Whether the overview's figures are what a recount says: when one day was counted again last, and the newest difference. */
  figures: { checkedAt: Date | null; difference: { day: Date; foundAt: Date; rows: number } | null }
  /** Live feeds that this server has open. */
  streams: number
}

/** A refused delivery of the sample; `username` is the account's own. */
export function rejectionView(sample: RejectionSample, username: string): RejectionView {
  return {
    cause: sample.cause,
    words: describeRejection(sample.cause, { ...sample, username }),
    at: sample.at,
    remoteAddress: sample.remoteAddress,
    userAgent: sample.detail.userAgent,
  }
}

/** What was refused for one cause. */
export function rejectionCauseView(found: RejectionCount, username: string): RejectionCauseView {
  const { cause, count, lastAt, last } = found
  return {
    cause,
    count,
    lastAt,
    last: last && rejectionView(last, username),
    advice: last && adviseOnRejection(cause, { detail: last.detail, username }),
  }
}

/** One partition of the table of events. */
export function partitionView({ bucket, events, bytes }: PartitionSize): PartitionView {
  return { bucket, events, bytes: Number(bytes) }
}
