import { describe, expect, test } from 'vitest'
import { WAITING_ROWS_MAX } from '../../../client/features/events/event-feed.ts'
import { rateText, sampledText, shareText, waitingText } from '../../../client/features/events/feed-words.ts'

describe('the line above held rows', () => {
  test.each([
    [24, 'paused', 'Paused. 24 waiting'],
    [0, 'paused', 'Paused. 0 waiting'],
    [24, 'scrolled', '24 new. Press Home'],
    [0, 'scrolled', null],
    [24, null, null],
    [WAITING_ROWS_MAX, 'paused', 'Paused. 2,000 waiting'],
    [WAITING_ROWS_MAX + 1, 'paused', '2,000 waiting. Older ones are in Search'],
    [WAITING_ROWS_MAX + 900, 'scrolled', '2,000 waiting. Older ones are in Search'],
  ] as const)('%s waiting, %s', (waiting, hold, text) => {
    expect(waitingText(waiting, hold)).toBe(text)
  })
})

test.each([
  [192, '3.2 events/s'],
  [24_720, '412 events/s'],
  [3, '3 events/min'],
  [0, '0 events/min'],
])('%s a minute is %s', (perMinute, text) => {
  expect(rateText(perMinute)).toBe(text)
})

test('a sample says how much of what it is', () => {
  expect(sampledText(8, 412.3)).toBe('Showing 1 in 8. 412 events/s. Narrow the filter to see all.')
})

test.each([
  [100, 100, '100%'],
  [99_999, 100_000, '99.9%'],
  [1, 3, '33.3%'],
  [0, 0, 'none to check'],
])('%s of %s is %s: all only when it is all', (passed, all, text) => {
  expect(shareText(passed, all)).toBe(text)
})
