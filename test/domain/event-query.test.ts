import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ANY_EVENT,
  EVENT_OUTCOMES,
  eventFilterSchema,
  matchesEvent,
  takesAll,
  type EventFilter,
  type FilteredEvent,
} from '../../server/domain/event-filter.ts'
import { eventClausesOf, parseEventQuery, printEventQuery } from '../../server/domain/event-query.ts'
import { DISPLAY_STATUSES } from '../../server/domain/payment-status.ts'

function parsed(text: string): EventFilter {
  const result = parseEventQuery(text)
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`)
  return result.query
}

function errorOf(text: string) {
  const result = parseEventQuery(text)
  if (result.ok) throw new Error(`${text} was accepted`)
  return result.error
}

describe('canonical form', () => {
  it.each([
    ['', ''],
    ['event_name:order_failed', 'event_name:ORDER_FAILED'],
    ['name:TXN_CREATED name:ORDER_FAILED,TXN_CREATED', 'event_name:ORDER_FAILED,TXN_CREATED'],
    ['event_name:"Order.Paid"', 'event_name:"Order.Paid"'],
    ['-outcome:applied,confirmed', '-outcome:applied,confirmed'],
    ['outcome:failed o:given-up', 'outcome:failed,given-up'],
    ['took:>50', 'took:>=51'],
    ['took:>=2s', 'took:>=2000'],
    ['took:<1min took:>1s', 'took:1001..59999'],
    ['took:12', 'took:=12'],
    ['took:..100', 'took:<=100'],
    ['is:LATE order:PD-81', 'is:late order:PD-81'],
    ['sender:52.66. s:failed,charged', 'status:charged,failed sender:52.66.'],
    ['event:evt_71c9', 'event:evt_71c9'],
    ['refund failed', '"refund failed"'],
    ['event_name:A,B -event_name:A', 'event_name:B'],
    ['outcome:applied -outcome:duplicate', 'outcome:applied -outcome:duplicate'],
  ])('%s -> %s', (typed, canonical) => {
    expect(printEventQuery(parsed(typed))).toBe(canonical)
    expect(printEventQuery(parsed(canonical))).toBe(canonical)
  })

  it('gives back every filter it can print', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_. ,:-]{0,20}$/).map((text) => text.trim())
    const value = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:, -]{0,20}$/).map((text) => text.trim())
    const sorted = <T extends string>(words: readonly T[]) =>
      fc.uniqueArray(fc.constantFrom(...words), { maxLength: 4 }).map((list) => list.toSorted())
    const either = <T extends string>(words: readonly T[]) =>
      fc.tuple(sorted(words), fc.boolean()).map(([list, wanted]) => (wanted ? [list, []] : [[], list]))
    const names = fc.uniqueArray(name, { maxLength: 3 }).map((list) => list.toSorted())
    const took = fc
      .tuple(fc.option(fc.nat({ max: 99_999 })), fc.option(fc.nat({ max: 99_999 })))
      .filter(([min, max]) => min === null || max === null || min <= max)
    const filter = fc
      .record({
        names,
        outcomes: either(EVENT_OUTCOMES),
        statuses: either(DISPLAY_STATUSES),
        order: fc.option(value),
        event: fc.option(value.filter((text) => !text.includes('_'))),
        sender: fc.option(value),
        took,
        late: fc.boolean(),
        text: fc.option(value),
      })
      .map(({ outcomes, statuses, took: [tookMin, tookMax], ...rest }): EventFilter =>
        eventFilterSchema.parse({
          ...rest,
          outcomes: outcomes[0],
          notOutcomes: outcomes[1],
          statuses: statuses[0],
          notStatuses: statuses[1],
          tookMin,
          tookMax,
        }),
      )
    fc.assert(
      fc.property(filter, (query) => {
        expect(parsed(printEventQuery(query))).toEqual(query)
        const clauses = eventClausesOf(query)
        expect(clauses.map(({ text }) => text).join(' ')).toBe(printEventQuery(query))
        for (const { text, without } of clauses) {
          expect(eventClausesOf(without).map((left) => left.text)).toEqual(
            clauses.filter((other) => other.text !== text).map((left) => left.text),
          )
        }
      }),
    )
  })

  it('prints the same again after reading whatever it accepted', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const first = parseEventQuery(text)
        fc.pre(first.ok)
        const canonical = printEventQuery(first.query)
        expect(printEventQuery(parsed(canonical))).toBe(canonical)
      }),
    )
  })
})

describe('a filter that cannot be read is not run, and says why', () => {
  it.each([
    ['outcome:aplied', 'outcome has no aplied. Did you mean applied?', 'outcome:applied'],
    ['evnt_name:X', 'evnt_name is not a filter. Did you mean event_name?', 'event_name:X'],
    [
      'event:ORDER_FAILED is:late',
      'event takes the ID of an event. Its name goes with event_name.',
      'event_name:ORDER_FAILED is:late',
    ],
    ['status:chraged', 'status has no chraged. Did you mean charged?', 'status:charged'],
  ])('%s, with a repair', (text, message, repaired) => {
    const error = errorOf(text)
    expect(error.message).toBe(message)
    expect(error.fix?.text).toBe(repaired)
    expect(parseEventQuery(repaired).ok).toBe(true)
  })

  it.each([
    ['took:fast', 'took takes a time, for example >50, >=2s or 10..100'],
    ['took:<0', 'took takes a time, for example >50, >=2s or 10..100'],
    ['took:>5 took:>9', 'Two lower limits on took. Keep one.'],
    ['took:>9 took:<5', 'No time is both above the lower and below the upper limit'],
    ['is:stuck', 'is takes late'],
    ['order:a order:b', 'One order at a time: keep "a" or "b".'],
    ['event_name:', 'Add an event name'],
    ['received:', 'Add a date'],
    ['outcome:held -outcome:held', 'The same outcome is asked for and left out. Keep one.'],
    [
      '-sender:52',
      'Only status, event_name and outcome can be left out with a minus. Remove the minus from sender.',
    ],
    ['-refund', 'Text cannot be left out with a minus. Only status, event_name and outcome can.'],
    ['foo"bar', 'A quote is not closed'],
  ])('%s', (text, message) => {
    expect(errorOf(text).message).toBe(message)
  })

  it('moves a time range into its own control', () => {
    expect(parseEventQuery('received:-1h outcome:failed')).toMatchObject({ ok: true, time: '-1h' })
  })
})

describe('an event', () => {
  const event: FilteredEvent = {
    id: '00000000-0000-4000-8000-00000000abcd',
    eventRef: 'evt_71c9',
    eventName: 'ORDER_REFUND_FAILED',
    orderRef: 'PDabc',
    orderStatus: 'charged',
    status: 'processed',
    outcome: 'applied',
    deliveryCount: 3,
    remoteAddress: '52.66.1.9',
    lagMs: 61_000,
    tookMs: 12,
  }
  it.each([
    ['', true],
    ['event_name:ORDER_REFUND_FAILED', true],
    ['event_name:ORDER_REFUNDED', false],
    ['-event_name:ORDER_REFUNDED', true],
    ['-event_name:ORDER_REFUND_FAILED', false],
    ['outcome:applied', true],
    ['outcome:duplicate', true],
    ['-outcome:duplicate', false],
    ['outcome:applied -outcome:stale', true],
    ['outcome:stale', false],
    ['status:charged', true],
    ['-status:charged', false],
    ['order:pdABC', true],
    ['order:PDab', false],
    ['event:evt_71c9', true],
    ['event:00000000-0000-4000-8000-00000000ABCD', true],
    ['event:evt_71', false],
    ['sender:52.66.', true],
    ['sender:10.', false],
    ['took:>10 took:<20', true],
    ['took:>12', false],
    ['is:late', true],
    ['refund_fail', true],
    ['pdabc', true],
    ['PDab', false],
  ])('%s is %s', (text, expected) => {
    expect(matchesEvent(event, parsed(text))).toBe(expected)
  })

  it('that waits has no time and no order yet', () => {
    const waiting: FilteredEvent = {
      ...event,
      status: 'received',
      outcome: null,
      orderStatus: null,
      tookMs: null,
      deliveryCount: 1,
    }
    expect(matchesEvent(waiting, parsed('outcome:waiting'))).toBe(true)
    expect(matchesEvent(waiting, parsed('took:>=0'))).toBe(false)
    expect(matchesEvent(waiting, parsed('status:unknown'))).toBe(true)
  })

  it('without a name is among those that are not a name, and not among named ones', () => {
    const unnamed = { ...event, eventName: null }
    expect(matchesEvent(unnamed, parsed('event_name:X'))).toBe(false)
    expect(matchesEvent(unnamed, parsed('-event_name:X'))).toBe(true)
  })

  it('always belongs to the empty filter, which is the only one that takes all', () => {
    expect(takesAll(ANY_EVENT)).toBe(true)
    expect(takesAll(parsed('is:late'))).toBe(false)
    expect(takesAll(parsed('took:>=0'))).toBe(false)
  })
})
