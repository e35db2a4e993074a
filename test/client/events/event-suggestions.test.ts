import { describe, expect, test } from 'vitest'
import { parseEventQuery, printEventQuery } from '../../../server/domain/event-query.ts'
import { offersFor, pillsOf } from '../../../client/features/events/event-suggestions.ts'

const FACETS = {
  names: [
    { name: 'TXN_CREATED', count: 31 },
    { name: 'Odd name', count: 2 },
  ],
  outcomes: [{ outcome: 'failed' as const, count: 3 }],
}

function filterOf(text: string) {
  const parsed = parseEventQuery(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.query
}

describe('offers', () => {
  test('are the fields, then their values with counts', () => {
    expect(offersFor('ev', FACETS).map(({ label }) => label)).toEqual(['event_name:', 'event:'])
    expect(offersFor('outcome:fai', FACETS)).toMatchObject([{ label: 'failed', count: 3, run: true }])
    expect(offersFor('event_name:txn', FACETS)[0]).toMatchObject({ label: 'TXN_CREATED', count: 31 })
  })

  test('keep what was typed before, and the list that was begun', () => {
    expect(offersFor('order:X -outcome:held,st', FACETS)[0]?.text).toBe('order:X -outcome:held,stale')
  })

  test('can be run as they stand', () => {
    for (const begun of ['event_name:', 'outcome:', 'status:', 'is:', 'took:', '-outcome:'])
      for (const offer of offersFor(begun, FACETS))
        expect(parseEventQuery(offer.text).ok, offer.text).toBe(true)
  })
})

describe('pills', () => {
  test('are the clauses, and each can be taken away alone', () => {
    const text = 'status:charged event_name:TXN_CREATED is:late -outcome:held took:>=51 PD81'
    const pills = pillsOf(filterOf(text))
    expect(pills.map(({ clause }) => clause).join(' ')).toBe(text)
    for (const pill of pills)
      expect(printEventQuery(pill.without)).toBe(text.replace(pill.clause, '').replace('  ', ' ').trim())
  })

  test('say when something is left out', () => {
    expect(pillsOf(filterOf('-event_name:TXN_CREATED'))).toMatchObject([
      { label: 'event_name', value: 'TXN_CREATED', negated: true },
    ])
  })
})
