import { describe, expect, test } from 'vitest'
import {
  addTyped,
  clausesOf,
  filterInput,
  matchesFilter,
  NO_FILTER,
  offersFor,
  withoutClause,
} from '../../../client/features/events/event-filter.ts'
import { eventRow } from './event-rows.ts'

const typed = (text: string, search = NO_FILTER) => {
  const result = addTyped(search, text)
  if (!result.ok) throw new Error(result.message)
  return result.search
}

describe('what is typed', () => {
  test('becomes clauses and free text, which the server is asked for', () => {
    const search = typed('event:order_failed outcome:failed,given-up PD81')
    expect(search).toEqual({ q: 'PD81', event: 'ORDER_FAILED', outcome: 'failed,given-up' })
    expect(filterInput(search)).toEqual({
      q: 'PD81',
      names: ['ORDER_FAILED'],
      statuses: ['failed', 'dead'],
    })
  })

  test('joins the filter in force; the same clause twice is one', () => {
    const search = typed('event:ORDER_FAILED event:TXN_CREATED', typed('event:ORDER_FAILED'))
    expect(search.event).toBe('ORDER_FAILED,TXN_CREATED')
  })

  test('with an outcome that does not exist is not run, and says which exist', () => {
    expect(addTyped(NO_FILTER, 'outcome:lost')).toMatchObject({
      ok: false,
      message: 'No outcome is called "lost". Use waiting, applied, ignored, failed, given-up.',
    })
    expect(addTyped(NO_FILTER, 'event:')).toMatchObject({ ok: false })
  })
})

test('each clause is a pill that can be taken away alone', () => {
  const search = typed('event:ORDER_FAILED,TXN_CREATED outcome:failed PD81')
  const pills = clausesOf(search)
  expect(pills.map(({ id }) => id)).toEqual([
    'event:ORDER_FAILED',
    'event:TXN_CREATED',
    'outcome:failed',
    'text',
  ])
  const rest = pills.slice(0, 1).reduce(withoutClause, search)
  expect(rest).toEqual({ q: 'PD81', event: 'TXN_CREATED', outcome: 'failed' })
  expect(pills.reduce(withoutClause, search)).toEqual(NO_FILTER)
})

describe('a live row', () => {
  const row = eventRow(7, { eventName: 'ORDER_REFUND_FAILED', orderRef: 'PDabc', status: 'failed' })
  test.each([
    ['nothing asked', '', true],
    ['its event', 'event:ORDER_REFUND_FAILED', true],
    ['another event', 'event:ORDER_REFUNDED', false],
    ['its outcome', 'outcome:failed', true],
    ['another outcome', 'outcome:applied', false],
    ['its order in full, in any case', 'pdABC', true],
    ['part of an order', 'PDab', false],
    ['part of its event', 'refund_fail', true],
  ])('%s', (_name, text, expected) => {
    expect(matchesFilter(row, typed(text))).toBe(expected)
  })

  test('without a name is not among named events', () => {
    expect(matchesFilter(eventRow(1, { eventName: null }), typed('event:ORDER_FAILED'))).toBe(false)
  })
})

describe('offers', () => {
  test('are the fields, then their values', () => {
    expect(offersFor('ev').map(({ label }) => label)).toEqual(['event:'])
    expect(offersFor('outcome:giv').map(({ text }) => text)).toEqual(['outcome:given-up'])
    expect(offersFor('event:refund_m').map(({ label }) => label)).toEqual(['REFUND_MANUAL_REVIEW_NEEDED'])
  })

  test('keep what was typed before', () => {
    expect(offersFor('PD81 outcome:fail')[0]?.text).toBe('PD81 outcome:failed')
  })
})
