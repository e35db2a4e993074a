import { describe, expect, test } from 'vitest'
import { csvLine } from '../../server/domain/csv.ts'
import {
  appliedState,
  PAUSE_WINDOW,
  REPLAY_STATUSES,
  replayCan,
  replayPhase,
  replayRefusal,
  selfPauseReason,
  shadowState,
  unboundedReason,
  type ReplayFilter,
} from '../../server/domain/replay.ts'

const change = { subject: 'order', field: 'paymentStatus', before: 'new', after: 'charged' }

describe('what a shadow run says', () => {
  test.each([
    [{ status: 'processed', outcome: 'applied', changes: [change] }, 'would_change', 'changed'],
    [{ status: 'processed', outcome: 'no_change', changes: [] }, 'would_not_change', 'unchanged'],
    [{ status: 'ignored', outcome: 'unknown_event', changes: [] }, 'would_not_change', 'unchanged'],
    [{ status: 'failed', outcome: 'no_order_yet', changes: [] }, 'would_ask', 'failed'],
    [{ status: 'dead', outcome: 'parse_failed', changes: [] }, 'would_fail', 'failed'],
    [null, 'would_fail', 'failed'],
  ])('%o is %s, and applied it is %s', (result, would, did) => {
    expect(shadowState(result)).toBe(would)
    expect(appliedState(result)).toBe(did)
  })
})

test('each act is possible in the states it is meant for, and refused in words in all others', () => {
  const possible = Object.fromEntries(
    (['apply', 'pause', 'resume', 'stop'] as const).map((act) => [
      act,
      REPLAY_STATUSES.filter((status) => replayCan(act, status)),
    ]),
  )
  expect(possible).toEqual({
    apply: ['ready'],
    pause: ['shadowing', 'applying'],
    resume: ['paused'],
    stop: ['shadowing', 'ready', 'applying', 'paused'],
  })
  expect(replayRefusal('apply', 'stopped')).toBe('This replay is stopped, so it cannot be applied.')
})

test('a job is at what it was paused in', () => {
  const at = new Date(0)
  expect(replayPhase({ status: 'paused', pausedFrom: 'shadowing', appliedAt: null })).toBe('shadowing')
  expect(replayPhase({ status: 'paused', pausedFrom: 'applying', appliedAt: at })).toBe('applying')
  expect(replayPhase({ status: 'stopped', pausedFrom: null, appliedAt: null })).toBe('shadowing')
  expect(replayPhase({ status: 'done', pausedFrom: null, appliedAt: at })).toBe('applying')
})

describe('a job pauses itself', () => {
  const results = (failed: number, fine: number) => 'x'.repeat(failed) + '.'.repeat(fine)

  test('when more than 20% of the last 50 failed', () => {
    expect(selfPauseReason(results(11, 39))).toBe(
      '11 of the last 50 events failed. Look at their reasons, then resume or stop.',
    )
    expect(selfPauseReason(results(10, 40))).toBeNull()
  })

  test('not before there are 50, and not for failures long ago', () => {
    expect(selfPauseReason(results(PAUSE_WINDOW - 1, 0))).toBeNull()
    expect(selfPauseReason(results(50, 50))).toBeNull()
  })
})

describe('a filter', () => {
  const filter: ReplayFilter = {
    among: 'any',
    reasons: [],
    statuses: [],
    outcomes: [],
    names: [],
    orderRef: null,
    from: null,
    to: null,
  }
  const from = new Date('2026-10-01T00:00:00Z')

  test('among all events needs an order or at most 31 days', () => {
    expect(unboundedReason(filter)).toMatch(/^Choose an order/)
    expect(unboundedReason({ ...filter, orderRef: 'ORD-1' })).toBeNull()
    expect(unboundedReason({ ...filter, from, to: new Date('2026-11-01T00:00:00Z') })).toBeNull()
    expect(unboundedReason({ ...filter, from, to: new Date('2026-11-01T00:00:01Z') })).toMatch(/31 days/)
    expect(unboundedReason({ ...filter, among: 'open' })).toBeNull()
  })
})

describe('a line of CSV', () => {
  test.each([
    [['a', 1, null], 'a,1,\r\n'],
    [['say "hi", please'], '"say ""hi"", please"\r\n'],
    [['two\nlines'], '"two\nlines"\r\n'],
    [['=1+1', '+1', '-1', '@x', '\tx'], `'=1+1,'+1,'-1,'@x,"'\tx"\r\n`],
    [['=HYPERLINK("http://x")'], `"'=HYPERLINK(""http://x"")"\r\n`],
    [[-5], '-5\r\n'],
  ])('%o', (cells, line) => {
    expect(csvLine(cells)).toBe(line)
  })
})
