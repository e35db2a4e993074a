/** Mandates, notices and disputes: what stands beside an order. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProviderEvent } from '../../../server/domain/provider-order.ts'
import { isParseFailure, translateEvent } from '../../../server/juspay/translate.ts'
import { fixtureText } from '../../support/juspay-fixtures/fixtures.ts'
import { looselyParsed, plain, sharedFiles, shifted, str } from './independent.ts'

function event(raw: string | Uint8Array): ProviderEvent {
  const result = translateEvent(raw, { currency: 'INR' })
  if (isParseFailure(result)) throw new Error(result.message)
  return result
}

const envelope = (name: string, content: unknown): string =>
  JSON.stringify({ id: 'evt_1', event_name: name, date_created: '2026-11-20T06:00:00Z', content })

const mandate = {
  mandate_id: 'M1',
  status: 'ACTIVE',
  order_id: 'O1',
  frequency: 'MONTHLY',
  amount_rule: 'VARIABLE',
  max_amount: '399',
  start_date: '1639802535',
  end_date: '3093465599',
  currency: 'INR',
  customer_id: 'cst_1',
  payment_info: { payment_method_type: 'UPI', payment_method: 'UPI_COLLECT', upi: { payer_vpa: 'a@b' } },
  block_fund: false,
  revokable_by_customer: 'true',
  mandate_type: 'EMANDATE',
  mandate_token: 'secret-token',
  last_updated: '2026-11-20T06:00:01Z',
  activated_at: '2020-04-18T10:16:02Z',
}

const notification = {
  id: '1957069',
  status: 'FAILURE',
  object: 'notification',
  object_reference_id: '2QN',
  source_object: 'MANDATE',
  source_info: { txn_date: '1634057114', amount: '1.5' },
  mandate: { mandate_id: 'M1' },
  last_updated: '1644071838',
  date_created: '1644071830',
}

const chargeback = {
  id: 'cb_1',
  amount: '499.50',
  object: 'chargeback',
  object_reference_id: 'gw_77',
  txn: { txn_id: 'm-O1-1', order_id: 'O1', currency: 'INR' },
  chargeback_status: 'received',
  reason: 'Goods not received',
  date_created: '2026-11-20T05:00:00Z',
  date_resolved: null,
  last_updated: '2026-11-20T05:30:00Z',
  metadata: { respond_by: '2026-12-08' },
}

describe('a mandate', () => {
  test('is read field by field, without its tokens', () => {
    const read = event(envelope('MANDATE_ACTIVATED', { mandate }))
    expect(read).toMatchObject({
      family: 'mandate',
      orderRef: 'O1',
      order: null,
      notification: null,
      dispute: null,
    })
    expect(read.mandate).toEqual({
      mandateRef: 'M1',
      orderRef: 'O1',
      providerStatus: 'ACTIVE',
      mandateType: 'EMANDATE',
      frequency: 'MONTHLY',
      amountRule: 'VARIABLE',
      maxAmountMinor: 39_900n,
      currency: 'INR',
      customerRef: 'cst_1',
      methodType: 'UPI',
      method: 'UPI_COLLECT',
      revocable: true,
      blocksFunds: false,
      startsAt: new Date(1_639_802_535_000),
      endsAt: new Date(3_093_465_599_000),
      activatedAt: new Date('2020-04-18T10:16:02Z'),
      statedAt: new Date('2026-11-20T06:00:01Z'),
    })
    expect(JSON.stringify({ ...read.mandate, maxAmountMinor: null })).not.toContain('secret-token')
  })

  test.each([
    ['MANDATE_CREATED', 'CREATED'],
    ['MANDATE_ACTIVATED', 'ACTIVE'],
    ['MANDATE_UNPAUSED', 'ACTIVE'],
    ['MANDATE_PAUSED', 'PAUSED'],
    ['MANDATE_FAILED', 'FAILURE'],
    ['MANDATE_REVOKED', 'REVOKED'],
    ['MANDATE_EXPIRED', 'EXPIRED'],
    ['MANDATE_UPDATED', null],
  ])('%s says %s when the status is masked', (name, status) => {
    const body = envelope(name, { mandate: { mandate_id: 'M1', status: 'FILTERED' } })
    expect(event(body).mandate?.providerStatus).toBe(status)
  })

  test('its fields may lie directly in content; they are not an order', () => {
    expect(event(envelope('MANDATE_CREATED', mandate))).toMatchObject({
      order: null,
      orderRef: 'O1',
      mandate: { mandateRef: 'M1' },
    })
  })

  test('only an event of the family tells of one', () => {
    expect(event(envelope('SUBSCRIPTION_CREATED', { mandate })).mandate).toBeNull()
  })
})

describe('a notice', () => {
  test('is read with its mandate, the debit it announces and when', () => {
    expect(event(envelope('NOTIFICATION_FAILED', { notification })).notification).toEqual({
      mandateRef: 'M1',
      notificationRef: '1957069',
      providerStatus: 'FAILURE',
      amountMinor: 150n,
      debitAt: new Date(1_634_057_114_000),
      statedAt: new Date(1_644_071_838_000),
    })
  })

  test('without a mandate is read as far as it goes', () => {
    expect(event(fixtureText('webhook-notification')).notification).toMatchObject({
      mandateRef: null,
      providerStatus: 'FAILURE',
    })
  })
})

describe('a dispute', () => {
  const wanted = {
    disputeRef: 'cb_1',
    orderRef: 'O1',
    txnRef: 'm-O1-1',
    status: 'received',
    providerStatus: 'RECEIVED',
    amountMinor: 49_950n,
    currency: 'INR',
    reason: 'Goods not received',
    dueAt: new Date('2026-12-08T00:00:00Z'),
    openedAt: new Date('2026-11-20T05:00:00Z'),
    resolvedAt: null,
    statedAt: new Date('2026-11-20T05:30:00Z'),
  }

  test('is read in snake case, in camel case, and directly in content', () => {
    const camel = Object.fromEntries(
      Object.entries({ ...chargeback, txn: { txnId: 'm-O1-1', orderId: 'O1', currency: 'INR' } }).map(
        ([key, value]) => [key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()), value],
      ),
    )
    for (const content of [{ chargeback }, { chargeback: camel }, chargeback, camel]) {
      const read = event(envelope('CHARGEBACK_RECEIVED', content))
      expect(read.dispute).toEqual(wanted)
      expect(read).toMatchObject({ orderRef: 'O1', order: null })
    }
  })

  test.each([
    ['CHARGEBACK_RECEIVED', 'received'],
    ['CHARGEBACK_UNDER_REVIEW', 'under_review'],
    ['CHARGEBACK_EVIDENCE_REQUIRED', 'evidence_required'],
    ['CHARGEBACK_RESOLVED_IN_MERCHANT_FAVOUR', 'resolved_merchant'],
    ['CHARGEBACK_RESOLVED_IN_CUSTOMER_FAVOUR', 'resolved_customer'],
    ['CHARGEBACK_CANCELED', 'cancelled'],
    ['CHARGEBACK_EXPIRED', 'expired'],
    ['CHARGEBACK_ALREADY_REFUNDED', 'already_refunded'],
    ['CHARGEBACK_TELEPORTED', null],
  ])('%s means %s', (name, status) => {
    expect(event(envelope(name, { chargeback })).dispute?.status).toBe(status)
  })

  test('names its order by its own field, its attempt, or the object it refers to', () => {
    const orderOf = (fields: object) =>
      event(envelope('CHARGEBACK_RECEIVED', { chargeback: { id: 'cb_1', ...fields } }))
    for (const fields of [
      { order_id: 'O1' },
      { orderId: 'O1', txn: 'FILTERED' },
      { txn: { order_id: 'O1' } },
      { object: 'ORDER', object_reference_id: 'O1' },
    ]) {
      expect(orderOf(fields).dispute?.orderRef).toBe('O1')
      expect(orderOf(fields).orderRef).toBe('O1')
    }
    expect(orderOf({ object: 'TXN', object_reference_id: 'x' }).dispute?.orderRef).toBeNull()
  })

  test('without an id cannot be told from another and is not read', () => {
    expect(
      event(envelope('CHARGEBACK_RECEIVED', { chargeback: { amount: 1, order_id: 'O1' } })),
    ).toMatchObject({
      dispute: null,
      orderRef: 'O1',
    })
  })
})

const BODIES = [
  ['MANDATE_ACTIVATED', { mandate }],
  ['NOTIFICATION_FAILED', { notification }],
  ['CHARGEBACK_RECEIVED', { chargeback }],
] as const

/** Every leaf of a value, as the path to it. */
function leaves(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, member]) => leaves(member, [...path, key]))]
}

function withAt(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put
  const holder = plain(value)
  return { ...holder, [key]: withAt(holder[key], rest, put) }
}

describe('whatever is masked', () => {
  test.each(BODIES)(
    '%s: any one place is read as "does not say", and the rest stays as it was',
    (name, body) => {
      const whole = event(envelope(name, body))
      for (const path of leaves(body))
        for (const put of ['FILTERED', null, {}, '', '1111111', 'RIPPIFILTEREDT14:32:05Z']) {
          const masked = event(envelope(name, withAt(body, path, put)))
          for (const kind of ['mandate', 'notification', 'dispute'] as const) {
            const [was, is] = [whole[kind], masked[kind]]
            if (was === null || is === null) continue
            const moved = Object.entries(is).filter(
              ([key, value]) => value !== Reflect.get(was, key) && !same(value, Reflect.get(was, key)),
            )
            // At most the place itself changes, what depends on it (two currencies, two statuses), or everything below it.
            expect(moved.length, `${path.join('.')} ${JSON.stringify(put)}`).toBeLessThanOrEqual(4)
          }
        }
    },
  )

  test('everything masked at once says nothing but the family', () => {
    for (const [name, body] of BODIES) {
      let masked: unknown = body
      for (const path of leaves(body).filter((place) => place.length === 2))
        masked = withAt(masked, path, 'FILTERED')
      const { mandate: m, notification: n, dispute: d, order, family } = event(envelope(name, masked))
      expect([m, d, order, n?.mandateRef ?? null, n?.notificationRef ?? null]).toEqual([
        null,
        null,
        null,
        null,
        null,
      ])
      expect(family).not.toBe('unknown')
    }
  })

  test('no JSON value in any place makes it throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BODIES), fc.nat(), fc.jsonValue(), ([name, body], index, value) => {
        const places = leaves(body)
        const put = withAt(body, places[index % places.length] ?? [], value)
        expect(isParseFailure(translateEvent(envelope(name, put)))).toBe(false)
      }),
      { numRuns: 3000 },
    )
  })
})

function same(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date && a.getTime() === b.getTime()
}

const samples = sharedFiles('juspay-samples/webhook').filter(({ name }) =>
  /-(?:MANDATE|NOTIFICATION|CHARGEBACK)_/.test(name),
)

test.skipIf(samples.length === 0)(
  'every published mandate and notice, against an independent reading',
  () => {
    expect(samples.length).toBe(11)
    for (const { name, raw } of samples) {
      const source = plain(looselyParsed(raw.toString('utf8')))
      const read = event(raw)
      const content = plain(source['content'])
      const told = plain(content['mandate'] ?? content['notification'])
      const seconds = (value: unknown): string | null =>
        /^\d{10}$/.test(str(value) ?? '') ? new Date(Number(value) * 1_000).toISOString() : null
      if (content['mandate'] !== undefined) {
        expect(read.mandate, name).toMatchObject({
          mandateRef: told['mandate_id'],
          orderRef: told['order_id'],
          providerStatus: told['status'],
          maxAmountMinor: shifted(told['max_amount'], 'INR'),
          frequency: told['frequency'],
          revocable: String(told['revokable_by_customer']) === 'true',
        })
        expect(read.mandate?.startsAt?.toISOString() ?? null, name).toBe(seconds(told['start_date']))
        expect(read.mandate?.endsAt?.toISOString() ?? null, name).toBe(seconds(told['end_date']))
      } else {
        const info = plain(told['source_info'])
        expect(read.notification, name).toMatchObject({
          mandateRef: plain(told['mandate'])['mandate_id'],
          notificationRef: told['id'],
          providerStatus: told['status'],
          amountMinor: shifted(info['amount'], 'INR'),
        })
        expect(read.notification?.debitAt?.toISOString() ?? null, name).toBe(seconds(info['txn_date']))
      }
    }
  },
)
