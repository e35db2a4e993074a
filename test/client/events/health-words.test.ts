import { describe, expect, test } from 'vitest'
import type { WebhookHealth } from '../../../client/features/event-health/health-types.ts'
import {
  comparisonText,
  figuresText,
  headlineOf,
  partitionText,
  rateText,
  sizeText,
  troubleText,
} from '../../../client/features/event-health/health-words.ts'

const NOW = new Date('2026-11-20T06:30:00.000Z')
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000)

function health(change: Partial<WebhookHealth> = {}): WebhookHealth {
  return {
    lastReceivedAt: ago(2),
    silence: { since: ago(2), usualGapMs: 14_200, silent: false },
    recentMs: 300_000,
    rate: { kind: 'usual', percent: 114, count: 960, expected: 840, basis: 'same_hour' },
    names: [],
    lag: null,
    apply: null,
    backlog: { count: 0, oldestAt: null, atLeast: false },
    failed: 0,
    dead: 0,
    unconfirmed: { count: 0, oldestAt: null },
    rejections: { causes: [], samples: [] },
    hours: { slotMs: 3_600_000, slots: [], usual: [] },
    storage: { retentionDays: 400, unsafeSettings: [], partitions: [] },
    figures: { checkedAt: null, difference: null },
    streams: 1,
    ...change,
  }
}

const refusal = (seconds: number) => ({
  causes: [
    {
      cause: 'wrong_credentials' as const,
      count: 12,
      lastAt: ago(seconds),
      last: {
        cause: 'wrong_credentials' as const,
        words: 'Wrong password for user demowebhook',
        at: ago(seconds),
        remoteAddress: '203.0.113.9',
        userAgent: null,
      },
      advice: null,
    },
  ],
  samples: [],
})

describe('the headline says the worst there is', () => {
  test.for<[string, Partial<WebhookHealth>, string, string]>([
    ['all well', {}, 'charged', 'All well: last event 2 s ago, 3.2 events/s, usual 2.8.'],
    ['nothing yet', { lastReceivedAt: null }, 'info', 'No webhook has arrived yet.'],
    [
      'silence',
      { lastReceivedAt: ago(360), silence: { since: ago(360), usualGapMs: 19_300, silent: true } },
      'failed',
      'No webhooks for 6 min. Usual gap now is under 20 s.',
    ],
    [
      'a wrong password',
      { rejections: refusal(3) },
      'failed',
      'Webhooks are being refused: Wrong password for user demowebhook, last 3 s ago.',
    ],
    [
      'a wrong password of an hour ago',
      { rejections: refusal(3_600) },
      'charged',
      'All well: last event 2 s ago, 3.2 events/s, usual 2.8.',
    ],
    [
      'a backlog',
      { backlog: { count: 10_000, oldestAt: ago(185), atLeast: true } },
      'pending',
      '10,000 or more events wait to be applied, the oldest for 3 min.',
    ],
    [
      'few events',
      { rate: { kind: 'less', percent: 12, count: 100, expected: 840, basis: 'same_hour' } },
      'pending',
      'Fewer webhooks than usual: last event 2 s ago, 20 per min, usual 2.8 events/s.',
    ],
    [
      'a database that forgets',
      { storage: { retentionDays: 1, unsafeSettings: ['fsync'], partitions: [] } },
      'failed',
      'The database may forget webhooks in a crash: fsync off.',
    ],
  ])('%s', ([, change, tone, text]) => {
    expect(headlineOf(health(change), NOW)).toEqual({ tone, text })
  })
})

test('rates have the unit in which they are a number', () => {
  expect([0, 0.0032, 1, 12 / 60_000, 4 / 3_600_000].map(rateText)).toEqual([
    '0 events/s',
    '3.2 events/s',
    '1,000 events/s',
    '12 per min',
    '4 per hour',
  ])
})

test('comparisons are words first', () => {
  const compare = (
    kind: 'unknown' | 'usual' | 'less' | 'more',
    percent: number | null,
    count: number,
    expected: number | null,
  ) => comparisonText({ kind, percent, count, expected })
  expect(compare('unknown', null, 3, null)).toBe('Usual not known yet')
  expect(compare('usual', 105, 3, 3)).toBe('As usual')
  expect(compare('usual', null, 0, 0)).toBe('None, as usual')
  expect(compare('less', 12, 10, 84)).toBe('12% of usual')
  expect(compare('more', 250, 21, 8.4)).toBe('2.5 times the usual')
  expect(compare('more', null, 21, 0)).toBe('Usually none')
})

test('sizes, months and what is not applied', () => {
  expect([900, 320e6, 1.24e9].map(sizeText)).toEqual(['1 kB', '320 MB', '1.2 GB'])
  expect([0, 202611].map(partitionText)).toEqual(['No usable date', 'Nov 2026'])
  expect([troubleText(3, 0), troubleText(3, 1_000)]).toEqual(['3 failed', '3 failed, 1,000+ stopped'])
})

test('figures are equal to a recount, or say which day was put right', () => {
  expect(figuresText(null)).toBe('Equal to a recount')
  const difference = {
    day: new Date('2026-11-19T18:30:00Z'),
    foundAt: new Date('2026-11-20T06:30:00Z'),
    rows: 3,
  }
  expect(figuresText(difference)).toBe('20 Nov 2026 differed in 3 slots, put right 20 Nov 2026, 12:00:00 IST')
})
