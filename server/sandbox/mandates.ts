/** Mandates that are registered with an order (reference 2.1 `mandate.*`, 3.5 `mandate`, 4.2 MandateStatus). */
import { text } from './bodies.ts'
import type { Params } from './bodies.ts'
import type { Context } from './context.ts'
import { mandateError, structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { emitSideEvent } from './events.ts'
import { parseDecimal } from './money.ts'
import type { Mandate, MandateStatus, OrderRecord } from './types.ts'

const FREQUENCIES = new Set(
  'ONETIME DAILY WEEKLY FORTNIGHTLY MONTHLY BIMONTHLY QUARTERLY HALFYEARLY YEARLY ASPRESENTED'.split(' '),
)

/** Above this a gateway takes no mandate; the samples name no figure. */
const MAX_AMOUNT_MINOR = 10_000_000n

type Read = { mandate: Mandate | null } | { refusal: ApiAnswer }

/** The mandate a session or order asks for; the refusals are those of the samples error/14, 16 and 17. */
export function mandateFrom(params: Params, currency: string): Read {
  const wish = text(params, 'options.create_mandate')
  if (wish !== 'REQUIRED' && wish !== 'OPTIONAL') return { mandate: null }
  if (!text(params, 'customer_id')) {
    const message = 'customer_id is mandatory'
    const code = 'MISSING_MANDATORY_PARAMETER'
    return { refusal: structuredError({ errorCode: 'CUSTOMER_ID_NOT_FOUND', message, code }) }
  }
  const refusal = refusalOf(params, currency)
  if (refusal) return { refusal }
  const ruleValue = Number(text(params, 'mandate.rule_value') ?? Number.NaN)
  return {
    mandate: {
      status: null,
      frequency: text(params, 'mandate.frequency') || 'ASPRESENTED',
      amountRule: text(params, 'mandate.amount_rule') || 'VARIABLE',
      maxAmount: text(params, 'mandate.max_amount') || text(params, 'amount') || '0',
      startDate: text(params, 'mandate.start_date') || null,
      endDate: text(params, 'mandate.end_date') || null,
      ruleType: text(params, 'mandate.rule_type') || null,
      ruleValue: Number.isFinite(ruleValue) ? ruleValue : null,
      revocable: text(params, 'mandate.revokable_by_customer') !== 'false',
      blockFunds: text(params, 'mandate.block_funds') === 'true',
      noticeAt: null,
    },
  }
}

function refusalOf(params: Params, currency: string): ApiAnswer | null {
  const most = text(params, 'mandate.max_amount')
  const mostMinor = most === undefined ? 0n : parseDecimal(most, currency)
  if (mostMinor === null || mostMinor > MAX_AMOUNT_MINOR) {
    const message = 'mandate_max_amount exceeds mandate maxAmount threshold.'
    return mandateError('INVALID_REQUEST', message, 'mandate.max_amount')
  }
  const starts = text(params, 'mandate.start_date')
  const ends = text(params, 'mandate.end_date')
  const isDate = (date: string | undefined) => date === undefined || /^\d{1,13}$/.test(date)
  const isBackwards = starts !== undefined && ends !== undefined && Number(ends) <= Number(starts)
  if (!isDate(starts) || !isDate(ends) || isBackwards)
    return mandateError('INVALID_START_DATE', 'Start date passed is invalid', 'mandate.start_date')
  const frequency = text(params, 'mandate.frequency') || 'ASPRESENTED'
  if (!FREQUENCIES.has(frequency))
    return mandateError('INVALID_FREQUENCY', 'Frequency passed is invalid', 'mandate.frequency')
  const blocks = text(params, 'mandate.block_funds')
  if (blocks !== undefined && (blocks === 'true') !== (frequency === 'ONETIME')) {
    const message = 'Block fund should be false for recurring and true for OT mandate.'
    return mandateError('INVALID_BLOCK_FUNDS', message, 'mandate.block_funds')
  }
  return null
}

/** Moves an order's mandate to a status and tells of it; an order without one has nothing to move. */
export function moveMandate(
  context: Context,
  order: OrderRecord,
  status: MandateStatus,
  eventName: string,
  at: number,
): void {
  if (!order.mandate || order.mandate.status === status) return
  order.mandate = { ...order.mandate, status }
  order.updatedAt = at
  context.records.saveOrder(order)
  emitSideEvent(context, eventName, order, at)
}
