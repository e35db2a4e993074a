import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  mandateStatusOf,
  mergeMandate,
  mergeNotification,
  type MandateRecord,
  type ProviderMandate,
  type ProviderNotification,
} from '../../server/domain/mandate.ts'

const START = Date.UTC(2026, 10, 22, 9, 0, 0)
const at = (minutes: number): Date => new Date(START + minutes * 60_000)

type Notice = ProviderNotification & { mandateRef: string }
type Message = { mandate: ProviderMandate } | { notice: Notice }

function mandate(part: Partial<ProviderMandate> = {}): Message {
  return {
    mandate: {
      mandateRef: 'M1',
      orderRef: 'O1',
      providerStatus: 'CREATED',
      mandateType: 'EMANDATE',
      frequency: 'MONTHLY',
      amountRule: 'VARIABLE',
      maxAmountMinor: 39_900n,
      currency: 'INR',
      customerRef: 'c1',
      methodType: 'UPI',
      method: 'UPI',
      revocable: true,
      blocksFunds: false,
      startsAt: at(0),
      endsAt: at(9_999),
      activatedAt: null,
      statedAt: at(0),
      ...part,
    },
  }
}

function notice(part: Partial<Notice> = {}): Message {
  return {
    notice: {
      mandateRef: 'M1',
      notificationRef: '19',
      providerStatus: 'SUCCESS',
      amountMinor: 39_900n,
      debitAt: at(99),
      statedAt: at(10),
      ...part,
    },
  }
}

function mergeOne(state: MandateRecord | null, message: Message) {
  return 'mandate' in message
    ? mergeMandate(state, message.mandate)
    : mergeNotification(state, message.notice)
}

function mergeAll(messages: readonly Message[]): MandateRecord {
  let state: MandateRecord | null = null
  for (const message of messages) state = mergeOne(state, message).next
  if (state === null) throw new Error('no messages')
  return state
}

const of = (providerStatus: string, minute: number): Message =>
  mandate({ providerStatus, statedAt: at(minute) })

describe('the status of a mandate', () => {
  test.each([
    [['CREATED', 'ACTIVE'], 'active'],
    [['CREATED', 'FAILURE', 'ACTIVE'], 'active'],
    [['ACTIVE', 'PAUSED'], 'paused'],
    [['ACTIVE', 'PAUSED', 'ACTIVE'], 'active'],
    [['ACTIVE', 'REVOKED'], 'revoked'],
    [['REVOKED', 'ACTIVE'], 'revoked'],
    [['ACTIVE', 'EXPIRED'], 'expired'],
    [['CREATED', 'TELEPORTED'], 'unknown'],
    [['ACTIVE', 'TELEPORTED'], 'active'],
  ] as const)('%j said one after another gives %s in any order', (words, status) => {
    const messages = words.map((word, minute) => of(word, minute))
    expect(mergeAll(messages).status).toBe(status)
    expect(mergeAll(messages.toReversed()).status).toBe(status)
  })

  test('a word we do not know is kept as sent', () => {
    expect(mergeAll([of('TELEPORTED', 1)])).toMatchObject({
      status: 'unknown',
      providerStatus: 'TELEPORTED',
    })
    expect(mandateStatusOf(null)).toBe('unknown')
  })

  test('a message that says no status leaves it alone', () => {
    expect(mergeAll([of('ACTIVE', 1), mandate({ providerStatus: null, statedAt: at(9) })]).status).toBe(
      'active',
    )
  })
})

describe('notices', () => {
  test('the newest is kept whole, whichever arrives first', () => {
    const second = notice({
      notificationRef: '20',
      providerStatus: 'FAILURE',
      amountMinor: null,
      statedAt: at(20),
    })
    for (const order of [
      [notice(), second],
      [second, notice()],
    ])
      expect(mergeAll(order)).toMatchObject({
        notificationRef: '20',
        notificationStatus: 'FAILURE',
        notificationAmountMinor: null,
        notificationAt: at(20),
      })
  })

  test('one on a mandate we have not heard of is kept, and the mandate completes it', () => {
    const record = mergeAll([notice(), of('ACTIVE', 1)])
    expect(record).toMatchObject({ status: 'active', notificationStatus: 'SUCCESS', orderRef: 'O1' })
    expect(mergeAll([notice()])).toMatchObject({ status: 'unknown', providerStatus: null })
  })
})

test('a message is stale when it is older and adds nothing', () => {
  const held = mergeAll([of('CREATED', 0), of('ACTIVE', 5)])
  expect(mergeOne(held, of('CREATED', 0))).toMatchObject({ stale: true, changes: [] })
  expect(mergeOne(held, of('ACTIVE', 5))).toMatchObject({ stale: false, changes: [] })
  expect(mergeOne(held, notice()).changes.map(({ field }) => field)).toContain('notificationStatus')
})

test('any messages in any order, repeated or not, end the same', () => {
  const instant = fc.option(fc.integer({ min: 0, max: 4 }).map(at), { nil: null })
  const anyMandate = fc
    .record({
      providerStatus: fc.option(
        fc.constantFrom('CREATED', 'ACTIVE', 'PAUSED', 'FAILURE', 'REVOKED', 'EXPIRED', 'ODD', 'EVEN'),
        { nil: null },
      ),
      statedAt: instant,
      orderRef: fc.option(fc.constantFrom('O1', 'O2'), { nil: null }),
      maxAmountMinor: fc.option(fc.constantFrom(1n, 39_900n), { nil: null }),
      revocable: fc.option(fc.boolean(), { nil: null }),
      activatedAt: instant,
    })
    .map(mandate)
  const anyNotice = fc
    .record({
      notificationRef: fc.option(fc.constantFrom('19', '20'), { nil: null }),
      providerStatus: fc.option(fc.constantFrom('SUCCESS', 'FAILURE'), { nil: null }),
      amountMinor: fc.option(fc.constantFrom(1n, 2n), { nil: null }),
      debitAt: instant,
      statedAt: instant,
    })
    .map(notice)
  const messages = fc
    .array(fc.oneof(anyMandate, anyNotice), { minLength: 1, maxLength: 7 })
    .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })))
  fc.assert(
    fc.property(messages, ([list, shuffled]) => {
      const once = mergeAll(list)
      expect(mergeAll(shuffled)).toEqual(once)
      expect(mergeAll([...shuffled, ...list])).toEqual(once)
    }),
    { numRuns: 2000 },
  )
})
