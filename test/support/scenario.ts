import { orderBody, webhookBody, type BodyAttempt, type BodyRefund } from './factories.ts'

/** A webhook as posted: what to say about it in a failure, and its bytes. */
export type Delivery = { name: string; body: Buffer }

/** A small seeded generator (mulberry32): the same seed gives the same run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The items in a random order. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items]
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1))
    const [a, b] = [result[index], result[other]]
    if (a === undefined || b === undefined) continue
    result[index] = b
    result[other] = a
  }
  return result
}

/** Tells the life of one order, message by message, with time passing between them. */
function storyOf(orderId: string, amount: number) {
  const deliveries: Delivery[] = []
  let minute = 0
  const at = (): string => {
    minute += 1
    return `2026-11-20T06:${String(minute).padStart(2, '0')}:00Z`
  }
  const send = (name: string, order: Record<string, unknown>, when: string): void => {
    const id = `evt_V2_${orderId}_${deliveries.length}`
    deliveries.push({ name: `${orderId} ${name}`, body: webhookBody({ id, name, at: when, order }) })
  }
  return {
    deliveries,
    /** A message with the whole order. */
    order(name: string, status: string, attempt?: BodyAttempt, refunds?: BodyRefund[], extra = {}): void {
      const when = at()
      const told = { orderId, status, amount, at: when, extra }
      const body = orderBody({
        ...told,
        ...(attempt === undefined ? {} : { attempt }),
        ...(refunds === undefined ? {} : { refunds }),
      })
      send(name, body, when)
    },
    /** A message with one attempt only (`content.txn`). */
    txn(name: string, txnId: string, status: string): void {
      const when = at()
      const txn = {
        txn_id: txnId,
        order_id: orderId,
        status,
        txn_amount: amount,
        currency: 'INR',
        gateway: 'PAYU',
        payment_method_type: 'UPI',
        created: '2026-11-20T06:00:30Z',
      }
      const id = `evt_V2_${orderId}_${deliveries.length}`
      const body = JSON.stringify({ event_name: name, id, date_created: when, content: { txn } })
      deliveries.push({ name: `${orderId} ${name}`, body: Buffer.from(body) })
    },
  }
}

const FILTERED = {
  customer_email: 'FILTERED',
  customer_phone: 'FILTERED',
  customer_id: 'FILTERED',
  effective_amount: 'FILTERED',
}

/** Ten messages of one order; the twist decides what becomes of it. */
function lifeOf(number: number): Delivery[] {
  const orderId = `ORD-${number}`
  const amount = 1000 + number * 10.5
  const story = storyOf(orderId, amount)
  const first = (status: string): BodyAttempt => ({
    txnId: `m-${orderId}-1`,
    status,
    ...(status.endsWith('FAILED') ? { errorMessage: 'Insufficient funds' } : {}),
  })
  const second = (status: string): BodyAttempt => ({
    txnId: `m-${orderId}-2`,
    status,
    gateway: 'PAYU',
    created: '2026-11-20T06:05:00Z',
  })
  const refund = (status: string, part: number, key = `REF${number}A`): BodyRefund => ({
    key,
    status,
    amount: part,
    ...(status === 'SUCCESS' ? { ref: `utr-${key}` } : {}),
  })
  story.order('ORDER_CREATED', 'NEW')
  story.order('TXN_CREATED', 'PENDING_VBV', first('PENDING_VBV'))
  story.order('ORDER_FAILED', 'AUTHORIZATION_FAILED', first('AUTHORIZATION_FAILED'))
  story.txn('TXN_CREATED', `m-${orderId}-2`, 'PENDING_VBV')
  switch (number % 5) {
    case 0: // partial refund
      story.txn('TXN_CHARGED', `m-${orderId}-2`, 'CHARGED')
      story.order('ORDER_SUCCEEDED', 'CHARGED', second('CHARGED'), undefined, FILTERED)
      story.order('REFUND_INITIATED', 'CHARGED', second('CHARGED'), [refund('PENDING', 100.25)])
      story.order('ORDER_REFUNDED', 'CHARGED', second('CHARGED'), [refund('SUCCESS', 100.25)])
      story.order('REFUND_ARN_CAPTURED', 'CHARGED', second('CHARGED'), [refund('SUCCESS', 100.25)])
      story.order('ORDER_UPDATED', 'CHARGED', second('CHARGED'), [refund('SUCCESS', 100.25)], FILTERED)
      break
    case 1: // full refund in two parts
      story.order('ORDER_SUCCEEDED', 'CHARGED', second('CHARGED'))
      for (const [a, b] of [
        ['PENDING', null],
        ['SUCCESS', null],
        ['SUCCESS', 'PENDING'],
        ['SUCCESS', 'MANUAL_REVIEW'],
        ['SUCCESS', 'SUCCESS'],
      ] as const)
        story.order('ORDER_REFUNDED', 'CHARGED', second('CHARGED'), [
          refund(a, 400),
          ...(b === null ? [] : [refund(b, amount - 400, `REF${number}B`)]),
        ])
      break
    case 2: // late success of the failed attempt, then a failed refund
      story.order('ORDER_FAILED', 'AUTHENTICATION_FAILED', second('AUTHENTICATION_FAILED'))
      story.order('ORDER_SUCCEEDED', 'CHARGED', first('CHARGED'))
      story.order('REFUND_INITIATED', 'CHARGED', first('CHARGED'), [refund('PENDING', 50)])
      story.order('REFUND_MANUAL_REVIEW_NEEDED', 'CHARGED', first('CHARGED'), [refund('MANUAL_REVIEW', 50)])
      story.order('ORDER_REFUND_FAILED', 'CHARGED', first('CHARGED'), [refund('FAILURE', 50)])
      story.order('ORDER_UPDATED', 'CHARGED', first('CHARGED'), [refund('FAILURE', 50)])
      break
    case 3: // charged late and returned by Juspay itself
      story.order('ORDER_SUCCEEDED', 'CHARGED', second('CHARGED'))
      for (const status of ['PENDING', 'PENDING', 'SUCCESS', 'SUCCESS', 'SUCCESS'])
        story.order('AUTO_REFUND_INITIATED', 'AUTO_REFUNDED', second('AUTO_REFUNDED'), [
          { ...refund(status, amount, `AR${number}`), initiatedBy: 'AUTO_REFUNDED' },
        ])
      break
    default: // both attempts charged
      story.order('ORDER_SUCCEEDED', 'CHARGED', second('CHARGED'))
      story.txn('TXN_CHARGED', `m-${orderId}-1`, 'CHARGED')
      story.order('ORDER_UPDATED', 'CHARGED', second('CHARGED'), undefined, FILTERED)
      story.order('REFUND_INITIATED', 'CHARGED', second('CHARGED'), [refund('PENDING', 10)])
      story.order('ORDER_REFUNDED', 'CHARGED', second('CHARGED'), [refund('SUCCESS', 10)])
      story.order('ORDER_UPDATED', 'CHARGED', second('CHARGED'), [refund('SUCCESS', 10)])
  }
  return story.deliveries
}

/** 100 webhooks about ten orders: attempts, failures, late success, refunds of every outcome. */
export function hundredWebhooks(): Delivery[] {
  return Array.from({ length: 10 }, (_, index) => lifeOf(index)).flat()
}
