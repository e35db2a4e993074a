import { describe, expect, test } from 'vitest'
import type { FieldChange } from '../../server/domain/change.ts'
import type { RefundFacts } from '../../server/domain/refund-display.ts'
import { isIn, type TimelineFilter } from '../../server/domain/timeline-fold.ts'
import type { EntryKind } from '../../server/domain/timeline-sentences.ts'
import type { TimelineSource } from '../../server/domain/timeline-entry.ts'
import { timelineOf, type TimelineInput } from '../../server/domain/timeline.ts'

const at = (minute: number, second = 0): Date => new Date(Date.UTC(2026, 10, 20, 6, minute, second))

function set(
  subject: string,
  fields: Record<string, string | null>,
  before: string | null = null,
): FieldChange[] {
  return Object.entries(fields).map(([field, after]) => ({ subject, field, before, after }))
}

const empty: TimelineInput = {
  currency: 'INR',
  attempts: [
    { txnRef: 'T1', gateway: 'RAZORPAY' },
    { txnRef: 'T2', gateway: 'PAYTM_V2' },
  ],
  refunds: [],
  changes: [],
  events: [],
  checks: [],
  discrepancies: [],
  gaps: [],
  deeds: [],
  names: new Map([
    ['u1', 'Asha Rao'],
    ['u2', 'Dev Nair'],
  ]),
}

function refund(overrides: Partial<RefundFacts>): RefundFacts {
  return {
    id: 'r1',
    requestId: 'q1',
    refundId: 'r1',
    orderId: 'o1',
    orderRef: 'ORD-1',
    amountMinor: 150_000n,
    currency: 'INR',
    requestStatus: 'approved',
    refundStatus: 'succeeded',
    sentToGateway: true,
    reason: 'goodwill',
    note: 'Parcel was late',
    requestedBy: { id: 'u1', name: 'Asha Rao' },
    requestedAt: at(10),
    decidedBy: { name: 'Dev Nair' },
    decidedAt: at(11),
    decisionNote: null,
    gateway: 'RAZORPAY',
    uniqueRequestId: 'KEY1',
    ref: null,
    arn: null,
    origin: 'paydesk',
    errorMessage: null,
    sentAt: null,
    settledAt: null,
    expectedCreditAt: null,
    expiresAt: null,
    settledByPeople: false,
    proof: null,
    changedAt: at(11),
    retryOf: null,
    retriedBy: null,
    txnRef: null,
    attemptNumber: null,
    parts: [],
    held: null,
    unconfirmedSince: null,
    ...overrides,
  }
}

function change(
  minute: number,
  changes: FieldChange[],
  more: Partial<TimelineInput['changes'][number]> = {},
): TimelineInput['changes'][number] {
  return {
    id: `c${minute}`,
    source: 'webhook',
    sourceId: null,
    changes,
    occurredAt: at(minute),
    at: at(minute),
    ...more,
  }
}

function event(id: string, minute: number, more: Partial<TimelineInput['events'][number]> = {}) {
  const times = { receivedAt: at(minute), occurredAt: at(minute) }
  return {
    id,
    eventName: 'ORDER_UPDATED',
    ...times,
    deliveryCount: 1,
    outcome: 'applied',
    error: null,
    ...more,
  }
}

const titles = (input: Partial<TimelineInput>) =>
  timelineOf({ ...empty, ...input }).map((entry) => entry.title)

describe('sentences', () => {
  test('tell a payment that failed and then succeeded, newest first', () => {
    const entries = timelineOf({
      ...empty,
      changes: [
        change(0, set('order', { providerStatus: 'NEW', amountMinor: '1299900' })),
        change(1, set('transaction:T1', { providerStatus: 'PENDING_VBV', gateway: 'RAZORPAY' })),
        change(2, [
          ...set('order', { providerStatus: 'AUTHORIZATION_FAILED' }, 'PENDING_VBV'),
          ...set(
            'transaction:T1',
            { providerStatus: 'AUTHORIZATION_FAILED', errorMessage: 'Insufficient funds' },
            'x',
          ),
        ]),
        change(3, set('transaction:T2', { providerStatus: 'CHARGED', amountMinor: '1299900' })),
      ],
    })
    expect(entries.map(({ title, detail, tone, kind }) => [title, detail, tone, kind])).toEqual([
      ['Attempt 2 charged by Paytm', '₹12,999.00', 'charged', 'attempt'],
      ['Attempt 1 declined by Razorpay', 'Insufficient funds', 'failed', 'attempt'],
      ['Attempt 1 started with Razorpay', 'Customer is at the bank page', 'pending', 'attempt'],
      ['Order created', '₹12,999.00', 'info', 'order'],
    ])
  })

  test.each([
    ['COD_INITIATED', 'Attempt 1 is to be paid on delivery', 'pending'],
    ['CAPTURE_INITIATED', 'Attempt 1 is being captured by Razorpay', 'authorised'],
    ['CAPTURE_FAILED', 'Attempt 1 not captured by Razorpay, still held', 'authorised'],
    ['VOID_INITIATED', 'Attempt 1 is being released by Razorpay', 'voided'],
    ['VOID_FAILED', 'Attempt 1 not released by Razorpay, still held', 'authorised'],
    ['VOIDED', 'Attempt 1 released by Razorpay', 'voided'],
    ['PARTIAL_CHARGED', 'Attempt 1 charged in part by Razorpay', 'charged'],
    ['AUTO_REFUNDED', 'Attempt 1 returned by Juspay', 'charged'],
  ])('say what %s means, not only what it counts as', (providerStatus, title, tone) => {
    const changes = [
      change(1, set('transaction:T1', { providerStatus: 'AUTHORIZED', gateway: 'RAZORPAY' })),
      change(2, set('transaction:T1', { providerStatus, gateway: 'RAZORPAY' }, 'AUTHORIZED')),
    ]
    expect(timelineOf({ ...empty, changes })[0]).toMatchObject({ title, tone })
  })

  test('tell a refund from the question to the money, with names and the bank reference', () => {
    const entries = timelineOf({
      ...empty,
      refunds: [refund({})],
      changes: [
        change(10, set('refund_request:q1', { status: 'pending_approval' }), {
          source: 'person',
          sourceId: 'q1',
        }),
        change(11, set('refund_request:q1', { status: 'approved' }, 'pending_approval'), {
          source: 'person',
          sourceId: 'q1',
        }),
        change(12, set('refund:KEY1', { status: 'ready' }), { source: 'system' }),
        change(13, set('refund:KEY1', { status: 'sending' }, 'ready'), { source: 'system' }),
        change(14, set('refund:KEY1', { status: 'pending' }, 'sending'), { source: 'refund_answer' }),
        change(15, set('refund:KEY1', { status: 'succeeded', arn: '7451' }, 'pending')),
      ],
    })
    expect(entries.map(({ title, detail, actorName }) => [title, detail, actorName])).toEqual([
      ['Refund of ₹1,500.00 succeeded through Razorpay', '7451', null],
      ['Refund of ₹1,500.00 is on its way through Razorpay', 'Juspay has accepted it', null],
      ['Sending the refund of ₹1,500.00 to Juspay', null, null],
      ['Dev Nair approved the refund of ₹1,500.00', null, 'Dev Nair'],
      ['Asha Rao asked to refund ₹1,500.00', 'Goodwill: Parcel was late', 'Asha Rao'],
    ])
    expect(entries[0]?.reference).toBe('7451')
  })

  test.each([
    ['failed', 'failed', 'Refund of ₹1,500.00 failed through Razorpay'],
    ['rejected', 'failed', 'Juspay refused the refund of ₹1,500.00'],
    ['manual_review', 'review', 'Refund of ₹1,500.00 needs review at Juspay'],
    ['unknown', 'review', 'No clear answer about the refund of ₹1,500.00'],
    ['some_new_word', 'review', 'No clear answer about the refund of ₹1,500.00'],
  ])('a refund that is %s', (status, tone, title) => {
    const changes = [change(1, set('refund:KEY1', { status }, 'pending'))]
    const [entry] = timelineOf({ ...empty, refunds: [refund({})], changes })
    expect([entry?.title, entry?.tone]).toEqual([title, tone])
  })

  test.each([
    ['external', 'Made outside Paydesk'],
    ['auto', 'Made by Juspay’s own rules'],
  ] as const)('a refund of origin %s says who made it', (origin, detail) => {
    const facts = refund({ origin, requestId: null, requestedBy: null })
    const changes = [change(1, set('refund:KEY1', { status: 'pending', amountMinor: '150000' }))]
    expect(timelineOf({ ...empty, refunds: [facts], changes })[0]?.detail).toBe(detail)
  })

  test.each([
    ['rejected', 'Dev Nair rejected the refund of ₹1,500.00'],
    ['withdrawn', 'Asha Rao withdrew the refund of ₹1,500.00'],
    ['expired', 'The request to refund ₹1,500.00 expired'],
  ])('a request that was %s', (status, title) => {
    const changes = [change(1, set('refund_request:q1', { status }, 'pending_approval'), { sourceId: 'q1' })]
    expect(titles({ refunds: [refund({})], changes })).toEqual([title])
  })

  test('an unknown status is shown as sent, never as success or failure', () => {
    const [entry] = timelineOf({
      ...empty,
      changes: [change(1, set('transaction:T1', { providerStatus: 'NEVER_SEEN' }, 'STARTED'))],
    })
    expect([entry?.title, entry?.tone]).toEqual([
      'Attempt 1 has a status we do not know: NEVER_SEEN',
      'unknown',
    ])
  })

  test('details that changed are named without their values', () => {
    const changes = [change(1, set('order', { customerEmail: null, amountMinor: '5' }))]
    expect(timelineOf({ ...empty, changes })[0]?.detail).toBe('Changed: customer e-mail, amount')
  })
})

describe('folding', () => {
  const started = change(1, set('transaction:T1', { providerStatus: 'STARTED' }), { sourceId: 'e1' })

  test('a repeated delivery and a message with nothing new are duplicates of what they repeat', () => {
    const entries = timelineOf({
      ...empty,
      changes: [started],
      events: [
        event('e1', 1, { deliveryCount: 3 }),
        event('e2', 2, { outcome: 'no_change', deliveryCount: 2 }),
      ],
    })
    expect(entries).toHaveLength(1)
    expect([entries[0]?.duplicates, entries[0]?.eventId]).toEqual([4, 'e1'])
  })

  test('routine checks without news are one line; a person’s check is its own', () => {
    const check = (minute: number, askedBy: string) => ({
      id: `k${minute}`,
      askedAt: at(minute),
      askedBy,
      outcome: 'no_change',
    })
    const entries = timelineOf({
      ...empty,
      checks: [
        check(1, 'status-sweep'),
        check(2, 'status-sweep'),
        check(3, 'u1'),
        check(4, 'refund-janitor'),
      ],
    })
    expect(entries.map(({ actorName, duplicates, at: when }) => [actorName, duplicates, when])).toEqual([
      [null, 2, at(4)],
      ['Asha Rao', 0, at(3)],
    ])
  })

  test('what a person’s check changed names the person', () => {
    const entries = timelineOf({
      ...empty,
      changes: [{ ...started, source: 'status_check', sourceId: 'k1' }],
      checks: [{ id: 'k1', askedAt: at(1), askedBy: 'u2', outcome: 'changed' }],
    })
    expect(entries.map(({ actorName, source }) => [actorName, source])).toEqual([
      ['Dev Nair', 'status_check'],
    ])
  })
})

test('a message that tells of something earlier than what we already knew is out of order', () => {
  const entries = timelineOf({
    ...empty,
    changes: [
      change(5, set('transaction:T2', { providerStatus: 'CHARGED' })),
      change(6, set('transaction:T1', { providerStatus: 'AUTHORIZATION_FAILED' }), { occurredAt: at(2) }),
    ],
  })
  expect(entries.map(({ title, outOfOrder }) => [title, outOfOrder])).toEqual([
    ['Attempt 1 declined by Razorpay', true],
    ['Attempt 2 charged by Paytm', false],
  ])
})

test('findings, their end, deeds and events without effect have their lines', () => {
  const found = {
    id: 'd1',
    kind: 'double_charge',
    detail: '2 attempts are charged.',
    foundAt: at(1),
    resolvedAt: at(3),
    resolvedBy: 'u1',
    resolution: 'Refunded the second',
  } as const
  const by = { at: at(2), actorId: 'u2', actorName: 'Dev Nair', reason: null, before: null, after: null }
  const deeds = [
    { ...by, id: '1', action: 'order.reveal_customer' },
    { ...by, id: '2', action: 'order.check_status' },
  ]
  const events = [event('e9', 4, { eventName: 'MANDATE_CREATED', outcome: 'no_order' })]
  expect(titles({ discrepancies: [found], deeds, events })).toEqual([
    'Event MANDATE_CREATED received',
    'Resolved: customer charged more than once',
    'Dev Nair revealed personal data of the customer',
    'Customer charged more than once',
  ])
})

test('entries of one instant keep the order in which they were recorded', () => {
  const same = [1, 2, 3].map((number) => ({
    ...change(1, set('transaction:T1', { providerStatus: number === 1 ? 'STARTED' : 'CHARGED' })),
    id: `c${number}`,
  }))
  expect(timelineOf({ ...empty, changes: same }).map(({ id }) => id)).toEqual(['c3:0', 'c2:0', 'c1:0'])
})

describe('times', () => {
  const told = (minute: number, happened: number, more: object = {}) =>
    change(minute, set('transaction:T1', { providerStatus: 'CHARGED' }), {
      occurredAt: at(happened),
      sourceId: `e${minute}`,
      ...more,
    })

  test('a webhook that comes more than five minutes after what it tells is late, and says when it came', () => {
    const entries = timelineOf({
      ...empty,
      changes: [told(4, 0), told(10, 4)],
      events: [event('e4', 4, { occurredAt: at(0) }), event('e10', 10, { occurredAt: at(4) })],
    })
    expect(entries.map(({ late, receivedAt, occurredAt }) => [late, receivedAt, occurredAt])).toEqual([
      [true, at(10), at(4)],
      [false, at(4), at(0)],
    ])
  })

  test('what stands before the stretch told still puts a message out of order', () => {
    const [entry] = timelineOf({ ...empty, changes: [told(5, 2)], toldBefore: at(3) })
    expect(entry?.outOfOrder).toBe(true)
    expect(timelineOf({ ...empty, changes: [told(5, 2)], toldBefore: at(1) })[0]?.outOfOrder).toBe(false)
  })
})

test('an event that repeats what no webhook told here has a line of its own: no evidence is lost', () => {
  const entries = timelineOf({
    ...empty,
    changes: [change(1, set('transaction:T1', { providerStatus: 'CHARGED' }), { source: 'status_check' })],
    events: [event('e2', 2, { outcome: 'no_change', eventName: 'ORDER_SUCCEEDED', deliveryCount: 2 })],
  })
  expect(entries.map(({ title, duplicates }) => [title, duplicates])).toEqual([
    ['Event ORDER_SUCCEEDED said nothing new', 1],
    ['Attempt 1 charged by Razorpay', 0],
  ])
})

test('notes have their lines; one that was taken back no longer says what it said', () => {
  const note = { id: 'n1', at: at(1), authorName: 'Asha Rao', text: 'Customer called', struck: false }
  const entries = timelineOf({ ...empty, notes: [note, { ...note, id: 'n2', at: at(2), struck: true }] })
  expect(entries.map(({ title, detail, kind }) => [title, detail, kind])).toEqual([
    ['Asha Rao took a note back', null, 'note'],
    ['Asha Rao wrote a note', 'Customer called', 'note'],
  ])
})

test('narrowed to money, events or people, each entry is where it belongs', () => {
  const entry = (kind: EntryKind, source: TimelineSource, actorName: string | null = null) => ({
    kind,
    source,
    actorName,
  })
  const charged = entry('attempt', 'webhook')
  const asked = entry('request', 'person', 'Asha Rao')
  const checked = entry('status_check', 'status_check', 'Asha Rao')
  const swept = entry('status_check', 'status_check')
  const belongs = (filter: TimelineFilter) => [charged, asked, checked, swept].map((one) => isIn(filter, one))
  expect(belongs('all')).toEqual([true, true, true, true])
  expect(belongs('money')).toEqual([true, true, false, false])
  expect(belongs('events')).toEqual([true, false, false, false])
  expect(belongs('people')).toEqual([false, true, true, false])
})
