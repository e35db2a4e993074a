import { useQuery } from '@tanstack/react-query'
import { UNREFUNDABLE_WORDS, type Unrefundable } from '../../server/domain/refund-block.ts'
import { useCan, useSession } from './session.ts'
import { useTRPC } from './trpc.ts'

/** What decides whether a refund of an order can be asked for, wherever the order is shown. */
type Refundable = {
  currency: string
  unrefundable: Unrefundable | null
  /** What the order's own page says, which knows its refunds too. */
  refundBlock?: string | null
}

/**
 * Why a person cannot ask for a refund of an order (design §4.4); null when they can. The role comes first, then the
 * order, then what is used up of today's limit: that one is over tomorrow. One rule for page, panel, list and palette.
 */
export function useRefundReason(): (order: Refundable) => string | null {
  const trpc = useTRPC()
  const can = useCan('refund:request')
  const { currency } = useSession().account
  // The frame asks for it with its counts; here it is only read.
  const { data } = useQuery(trpc.session.counts.queryOptions(undefined, { enabled: false }))
  return (order) => {
    // Limits are amounts of the account's currency.
    const limit = order.currency === currency ? (data?.refundLimit ?? null) : null
    return can.reason ?? (order.refundBlock === undefined ? listedReason(order) : order.refundBlock) ?? limit
  }
}

/**
 * Why the refund form of an order in a list is not worth opening. Where only the confirmation is missing it is: the form
 * asks Juspay for it.
 */
function listedReason({ unrefundable }: Refundable): string | null {
  if (unrefundable === null || unrefundable === 'unconfirmed') return null
  return `${UNREFUNDABLE_WORDS[unrefundable]}.`
}
