/** What a check of one order with Juspay came to. */
import type { inferOutput } from '@trpc/tanstack-react-query'
import { checkedWords } from '../../server/domain/check-words.ts'
import { formatTime, type TimeZoneChoice } from '../ui/time-format.ts'
import type { useTRPC } from './trpc.ts'

type OneCheck = inferOutput<ReturnType<typeof useTRPC>['orders']['checkStatus']>

/** The answer about one order, with the time it is true of in the reader's zone. */
export function checkText({ outcome, status, message, checkedAt }: OneCheck, zone: TimeZoneChoice): string {
  if (status === null) return message
  return checkedWords(status, { changed: outcome === 'changed', asOf: formatTime(checkedAt, 'time', zone) })
}

/** Whether Juspay gave an answer about the order. */
export function isAnswered({ outcome }: { outcome: string }): boolean {
  return outcome === 'changed' || outcome === 'no_change'
}
