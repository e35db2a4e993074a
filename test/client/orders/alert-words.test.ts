import { describe, expect, test } from 'vitest'
import { ageOf, newsTexts, ruleText, standText } from '../../../client/features/orders/alert-words.ts'
import type { ViewAlert } from '../../../client/features/orders/order-types.ts'
import { after, AT, viewAlert } from './view-alert.ts'

const CLOCK = { now: after(120), zone: 'IST' } as const
const news = (change: Partial<ViewAlert>) => newsTexts(viewAlert(change), CLOCK)
const AGED = { kind: 'oldest_over', threshold: 120 } as const

describe('what is told of an alert', () => {
  test.each<[string, Partial<ViewAlert>, string[]]>([
    ['true', { holds: true, roseAt: AT, roseRows: 3 }, ['Since 14:35: “Failed today” has 3 rows.']],
    ['one row', { holds: true, roseAt: AT, roseRows: 1 }, ['Since 14:35: “Failed today” has 1 row.']],
    ['many', { holds: true, roseAt: AT, roseRows: 1_000 }, ['Since 14:35: “Failed today” has 999+ rows.']],
    [
      'not counted in time',
      { holds: true, roseAt: AT, rule: { kind: 'more_than', threshold: 1 } },
      ['Since 14:35: “Failed today” has more than 1 row.'],
    ],
    [
      'over by now',
      { roseAt: AT, roseRows: 3, fellAt: after(25) },
      ['From 14:35 to 15:00: “Failed today” had 3 rows.'],
    ],
    [
      'of age',
      { holds: true, roseAt: AT, rule: AGED },
      ['Since 14:35: the oldest row of “Failed today” is over 2 h.'],
    ],
    [
      'true, and lost since',
      { holds: true, roseAt: AT, roseRows: 3, problem: 'too_slow', problemAt: after(5) },
      [
        'Since 14:35: “Failed today” has 3 rows.',
        'Since 14:40: “Failed today” could not be checked. Its filter has to look through too many orders.',
      ],
    ],
    [
      'lost since it was seen',
      { holds: true, roseAt: AT, seenAt: AT, problem: 'gone', problemAt: after(5) },
      ['Since 14:40: “Failed today” could not be checked. It was deleted, or is not shared any more.'],
    ],
    ['seen', { holds: true, roseAt: AT, seenAt: AT }, []],
    ['nothing yet', {}, []],
  ])('%s', (_, change, texts) => {
    expect(news(change)).toEqual(texts)
  })
})

test.each<[Partial<ViewAlert>, string]>([
  [{ checkedAt: null }, 'Not checked yet.'],
  [{}, 'Not true at 14:35.'],
  [{ holds: true, roseAt: AT }, 'True since 14:35.'],
  [
    { holds: true, roseAt: AT, problem: 'broken', problemAt: after(1) },
    'Could not be checked since 14:36. Something went wrong. It is logged.',
  ],
])('%o stands: %s', (change, text) => {
  expect(standText(viewAlert(change), CLOCK)).toBe(text)
})

test.each([
  [45, { count: 45, unit: 'minutes' }, '45 min'],
  [90, { count: 90, unit: 'minutes' }, '90 min'],
  [120, { count: 2, unit: 'hours' }, '2 h'],
  [2_160, { count: 36, unit: 'hours' }, '36 h'],
  [1_440, { count: 1, unit: 'days' }, '1 day'],
  [4_320, { count: 3, unit: 'days' }, '3 days'],
])('%d minutes are %o', (threshold, age, text) => {
  expect(ageOf(threshold)).toEqual(age)
  expect(ruleText({ kind: 'oldest_over', threshold })).toBe(`when the oldest is over ${text}`)
})
