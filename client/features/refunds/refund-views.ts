import type { RefundOrigin } from '../../../server/domain/refund.ts'

/** The tabs of the refunds list. A tab is an address. */
export const REFUND_VIEW_IDS = [
  'all',
  'attention',
  'waiting',
  'in_progress',
  'review',
  'failed',
  'done',
] as const
export type RefundViewId = (typeof REFUND_VIEW_IDS)[number]

export type RefundSearch = {
  view: RefundViewId
  q: string
  /** Juspay's code of a gateway; empty for all. */
  gateway: string
  /** Where refunds were started; empty for everywhere. */
  origin: RefundOrigin | ''
  /** When it succeeded, a time range; empty for all, whatever became of it. */
  settled: string
}

/** What the list shows when the address says nothing. */
export const DEFAULT_REFUND_SEARCH: RefundSearch = {
  view: 'all',
  q: '',
  gateway: '',
  origin: '',
  settled: '',
}

type RefundView = {
  label: string
  /** Title and text when the tab has no rows. */
  empty: readonly [title: string, text: string]
}

export const REFUND_VIEWS: Readonly<Record<RefundViewId, RefundView>> = {
  all: { label: 'All', empty: ['No refunds yet.', 'Open an order and press R to refund it.'] },
  attention: {
    label: 'Needs attention',
    empty: [
      'No refund needs attention.',
      'Refunds in review, in doubt, or pending for more than 7 working days appear here.',
    ],
  },
  waiting: {
    label: 'Waiting for approval',
    empty: ['No refunds waiting for approval.', 'Requests that need a second person appear here.'],
  },
  in_progress: {
    label: 'Sending or pending',
    empty: ['No refunds on their way.', 'Refunds that Juspay or the gateway still works on appear here.'],
  },
  review: {
    label: 'Needs review',
    empty: [
      'No refunds need review.',
      'Refunds of which Juspay cannot tell what the gateway did appear here.',
    ],
  },
  failed: {
    label: 'Failed',
    empty: ['No failed refunds.', 'Refunds that Juspay or the gateway refused appear here.'],
  },
  done: {
    label: 'Done',
    empty: [
      'No refunds are done yet.',
      'Refunds that reached the customer, and requests that ended, appear here.',
    ],
  },
}

/** What of a search is not as by default, in the order of an address. */
function searchParams(search: Partial<RefundSearch>): URLSearchParams {
  const whole = { ...DEFAULT_REFUND_SEARCH, ...search }
  const params = new URLSearchParams()
  for (const key of ['view', 'q', 'gateway', 'origin', 'settled'] as const)
    if (whole[key] !== DEFAULT_REFUND_SEARCH[key]) params.set(key, whole[key])
  return params
}

/** Address of the list; what is as by default is left out. */
export function refundListPath(search: Partial<RefundSearch>): string {
  const text = searchParams(search).toString()
  return `/refunds${text ? `?${text}` : ''}`
}

/** Address of the list as a file. */
export function refundFilePath(search: RefundSearch, kind: 'csv' | 'xlsx'): string {
  const text = searchParams(search).toString()
  return `/downloads/refunds.${kind}${text ? `?${text}` : ''}`
}
