import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BULK_STATUSES,
  bulkCan,
  bulkPauseReason,
  bulkRefusal,
  bulkStatesFor,
  finishedStatus,
  markOf,
  outcomeOf,
  rowClientKey,
  BULK_OUTCOMES,
  OPEN_OUTCOMES,
  type BulkAct,
} from '../../server/domain/bulk-batch.ts'
import { checkRow, verdictOf, type RowFacts } from '../../server/domain/bulk-check.ts'
import { mappingProblem, matchHeaders } from '../../server/domain/bulk-columns.ts'
import { readAmount, readReason, readRow, valuesOf } from '../../server/domain/bulk-row.ts'
import { AMOUNT_MINOR_MAX, formatMoney, toDecimal } from '../../server/domain/money.ts'
import { REFUND_STATUSES } from '../../server/domain/refund.ts'
import { CLIENT_KEY } from '../../server/domain/refund-key.ts'
import { REFUND_REQUEST_STATUSES } from '../../server/domain/refund-request.ts'

describe('columns', () => {
  test.each([
    [['Order ID', 'Amount (INR)', 'Remarks'], { orderRef: 0, amount: 1, note: 2 }],
    [
      ['SL', 'order-no.', 'Refund Amount', 'CCY', 'Refund Reason'],
      { orderRef: 1, amount: 2, currency: 3, reason: 4 },
    ],
    [['ORDER', 'ref'], { orderRef: 0, yourRef: 1 }],
    [['Name', 'Phone'], {}],
  ])('%j', (headers, named) => {
    const none = {
      orderRef: null,
      amount: null,
      currency: null,
      reason: null,
      note: null,
      yourRef: null,
      txnRef: null,
    }
    expect(matchHeaders(headers)).toEqual({ ...none, ...named })
  })

  test('a column serves one field, and the order is needed', () => {
    const mapping = matchHeaders(['order_id', 'amount'])
    expect(mappingProblem(mapping, 2)).toBeNull()
    expect(mappingProblem({ ...mapping, amount: 0 }, 2)).toBe('Choose a different column for each field.')
    expect(mappingProblem({ ...mapping, orderRef: null }, 2)).toBe(
      'Choose the column that holds the order IDs.',
    )
    expect(mappingProblem({ ...mapping, note: 2 }, 2)).toBe('Choose columns of this file.')
  })

  test('whatever the headers, what is matched can be read', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 30 }), (headers) => {
        const mapping = matchHeaders([...headers, 'order id'])
        expect(mappingProblem(mapping, headers.length + 1)).toBeNull()
        expect(Object.keys(valuesOf([], mapping))).toHaveLength(7)
      }),
    )
  })
})

describe('amounts', () => {
  test.each([
    ['', null],
    ['1250', 125_000n],
    ['1,250.50', 125_050n],
    ['₹12,34,567.00', 123_456_700n],
    ['Rs. 99', 9_900n],
    ['INR 1,000', 100_000n],
  ])('%j', (text, minor) => {
    expect(readAmount(text, 'INR')).toEqual({ ok: true, minor })
  })

  // Read as grouping, "12,50" would pay back a hundred times too much.
  test.each(['12,50', '1.250,00', '1,2,50', '0', '0.00', '-5', '−5', '1.23E+3', '1.005', 'ten', '1e400'])(
    '%j is refused',
    (text) => {
      expect(readAmount(text, 'INR').ok).toBe(false)
    },
  )

  test('what we write we read, plain and grouped', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: AMOUNT_MINOR_MAX }), (minor) => {
        const money = { minor, currency: 'INR' }
        expect(readAmount(toDecimal(money), 'INR')).toEqual({ ok: true, minor })
        expect(readAmount(formatMoney(money), 'INR')).toEqual({ ok: true, minor })
      }),
    )
  })
})

describe('rows', () => {
  const fields = {
    orderRef: 'ORD-1',
    amount: '',
    currency: '',
    reason: '',
    note: '',
    yourRef: '',
    txnRef: '',
  }

  test.each([
    [{ orderRef: '1.23E+11' }, 'order_shortened'],
    [{ orderRef: '1,23e+11' }, 'order_shortened'],
    [{ orderRef: '' }, 'order_missing'],
    [{ amount: 'x' }, 'amount_unreadable'],
    [{ currency: 'USD' }, 'currency_unreadable'],
    [{ reason: 'because' }, 'reason_unknown'],
    [{ note: 'x'.repeat(1_001) }, 'note_too_long'],
  ])('%j', (more, code) => {
    expect(readRow({ ...fields, ...more }, 'INR').findings).toMatchObject([{ level: 'error', code }])
  })

  test('an order called 1E5 is not a shortened number', () => {
    expect(readRow({ ...fields, orderRef: '1E5X' }, 'INR').findings).toEqual([])
  })

  test('reasons by code and by label', () => {
    expect(readReason('Item returned')).toBe('item_returned')
    expect(readReason('ORDER-CANCELLED')).toBe('order_cancelled')
    expect(readReason('goodwill!')).toBe('goodwill')
    expect(readReason('')).toBeNull()
  })
})

describe('the verdict', () => {
  const now = new Date('2026-11-26T06:00:00Z')
  const facts: RowFacts = {
    currency: 'INR',
    chargedMinor: 500_000n,
    leftMinor: 459_900n,
    block: null,
    disputed: false,
    chargedAt: now,
    waitingMinor: 0n,
    sameAmountBy: null,
    failedUntil: null,
    refunds: { count: 0, max: 25 },
    earlier: null,
    attempt: null,
    confirmed: true,
  }
  const row = (amountMinor: bigint | null) => ({
    orderRef: 'ORD-1',
    amountMinor,
    reason: null,
    note: null,
    findings: [],
  })

  test('all that is left, when the row names no amount', () => {
    expect(checkRow(row(null), facts, now)).toEqual({
      verdict: 'ok',
      findings: [],
      amountMinor: 459_900n,
      suggestedMinor: null,
    })
  })

  test('too much is an error that says what is left', () => {
    expect(checkRow(row(999_999n), facts, now)).toMatchObject({
      verdict: 'error',
      findings: [{ code: 'amount_exceeds_left', text: 'More than the ₹4,599.00 left.' }],
      suggestedMinor: 459_900n,
    })
  })

  test.each([
    [{ disputed: true }, 'warning', 'disputed'],
    [{ waitingMinor: 100n }, 'warning', 'refund_waiting'],
    [{ sameAmountBy: 'Asha' }, 'warning', 'same_amount_recently'],
    [{ confirmed: false }, 'warning', 'not_confirmed'],
    [{ chargedAt: new Date('2026-01-01') }, 'warning', 'paid_long_ago'],
    [{ failedUntil: now }, 'error', 'too_soon'],
    [{ refunds: { count: 25, max: 25 } }, 'error', 'too_many_refunds'],
    [
      {
        refunds: { count: 2, max: 3 },
        earlier: { firstRow: 12, rows: 1, sumMinor: 100n, sameAttemptMinor: 0n, all: false },
      },
      'error',
      'too_many_refunds',
    ],
    [
      { earlier: { firstRow: 12, rows: 1, sumMinor: 100n, sameAttemptMinor: 0n, all: false } },
      'warning',
      'duplicate_in_file',
    ],
    [
      { attempt: { problem: { code: 'attempt_needed' as const, text: 'Name it.' }, leftMinor: 1n } },
      'error',
      'attempt_needed',
    ],
    [{ attempt: { problem: null, leftMinor: 0n } }, 'error', 'nothing_left'],
    [
      { earlier: { firstRow: 12, rows: 1, sumMinor: 459_900n, sameAttemptMinor: 0n, all: true } },
      'error',
      'nothing_left',
    ],
    [{ block: { code: 'not_charged' as const, text: 'No.' } }, 'error', 'not_charged'],
  ])('%#: one thing that is wrong or odd', (more, verdict, code) => {
    const checked = checkRow(row(100_000n), { ...facts, ...more }, now)
    expect(checked.verdict).toBe(verdict)
    expect(checked.findings.map((one) => one.code)).toContain(code)
  })

  test('an order that nobody knows', () => {
    expect(checkRow(row(1n), null, now)).toMatchObject({
      verdict: 'error',
      findings: [{ code: 'order_not_found' }],
    })
  })

  test('rows that may go never take more of an order than is left, in whatever order they ask', () => {
    const asked = fc.array(fc.option(fc.bigInt({ min: 1n, max: 300_000n }), { nil: null }), { maxLength: 12 })
    fc.assert(
      fc.property(asked, fc.bigInt({ min: 0n, max: 500_000n }), (amounts, leftMinor) => {
        const taken: { n: number; minor: bigint; all: boolean }[] = []
        let sum = 0n
        for (const [index, amount] of amounts.entries()) {
          const earlier =
            taken[0] === undefined
              ? null
              : {
                  firstRow: taken[0].n,
                  rows: taken.length,
                  sumMinor: sum,
                  sameAttemptMinor: 0n,
                  all: taken.some(({ all }) => all),
                }
          const checked = checkRow(row(amount), { ...facts, leftMinor, earlier }, now)
          if (checked.verdict === 'error') continue
          const minor = checked.amountMinor ?? 0n
          taken.push({ n: index + 1, minor, all: amount === null })
          sum += minor
        }
        expect(sum <= leftMinor).toBe(true)
        expect(taken.length).toBeLessThanOrEqual(facts.refunds.max)
      }),
    )
  })

  test('the worst finding decides', () => {
    const finding = (level: 'error' | 'warning') => ({ level, code: 'disputed' as const, text: '' })
    expect(verdictOf([])).toBe('ok')
    expect(verdictOf([finding('warning')])).toBe('warning')
    expect(verdictOf([finding('warning'), finding('error')])).toBe('error')
  })
})

describe('states', () => {
  const acts: readonly BulkAct[] = [
    'map',
    'edit',
    'submit',
    'approve',
    'reject',
    'cancel',
    'pause',
    'resume',
    'stop',
    'rerun',
  ]

  test('nothing that was decided can be edited, submitted or decided again', () => {
    const after = [
      'held',
      'running',
      'paused',
      'stopped',
      'finished',
      'finished_failures',
      'rejected',
    ] as const
    for (const act of ['map', 'edit', 'submit', 'approve', 'reject'] as const)
      for (const status of after) expect(bulkCan(act, status)).toBe(false)
  })

  test('a refusal names the state and the act', () => {
    expect(bulkRefusal('approve', 'cancelled')).toBe('This batch is cancelled, so it cannot be approved.')
    for (const act of acts)
      for (const status of BULK_STATUSES) {
        expect(bulkRefusal(act, status)).not.toContain('undefined')
        expect(bulkCan(act, status)).toBe(bulkStatesFor(act).includes(status))
      }
  })

  test('every pair of statuses has one outcome; open ones can still change', () => {
    const settled = new Set(['succeeded', 'failed', 'not_sent'])
    for (const request of REFUND_REQUEST_STATUSES)
      for (const attempt of [null, ...REFUND_STATUSES]) {
        const outcome = outcomeOf(request, attempt)
        expect(BULK_OUTCOMES).toContain(outcome)
        const open = OPEN_OUTCOMES.some((one) => one === outcome)
        expect(open || settled.has(outcome) || outcome === 'reserved').toBe(true)
      }
    expect(outcomeOf('pending_approval', null)).toBe('reserved')
    expect(outcomeOf('pending_approval', 'rejected')).toBe('returned')
    expect(outcomeOf('approved', 'sending')).toBe('released')
  })

  test('more than ten failures among the newest fifty pause it, ten do not', () => {
    expect(bulkPauseReason('.'.repeat(39) + 'x'.repeat(11))).toMatch(/^11 of the last 50 refunds failed/)
    expect(bulkPauseReason('.'.repeat(40) + 'x'.repeat(10))).toBeNull()
    expect(bulkPauseReason('x'.repeat(11) + '.'.repeat(50))).toBeNull()
    expect(bulkPauseReason('x'.repeat(11))).toMatch(/^11 of the last 11/)
  })

  test('a row leaves one mark when Juspay takes it and one when it fails', () => {
    expect(markOf('released', 'pending')).toBe('.')
    expect(markOf('pending', 'succeeded')).toBeNull()
    expect(markOf('released', 'succeeded')).toBe('.')
    expect(markOf('pending', 'failed')).toBe('x')
    expect(markOf('released', 'unknown')).toBeNull()
  })

  test('how it ended', () => {
    const none = { failedRows: 0, notSentRows: 0, refusedRows: 0 }
    expect(finishedStatus(none)).toBe('finished')
    for (const some of [{ failedRows: 1 }, { notSentRows: 1 }, { refusedRows: 1 }])
      expect(finishedStatus({ ...none, ...some })).toBe('finished_failures')
  })

  test('a row’s key is a gesture’s key, and every row has its own', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat(30_000), fc.nat(30_000), (batch, one, other) => {
        expect(rowClientKey(batch, one)).toMatch(CLIENT_KEY)
        expect(rowClientKey(batch, one) === rowClientKey(batch, other)).toBe(one === other)
      }),
    )
  })
})
