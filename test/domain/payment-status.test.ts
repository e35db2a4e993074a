import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  describeStatus,
  displayStatus,
  isHoldStatus,
  paymentStatusOf,
  statusRank,
  winningReport,
  winningStatus,
} from '../../server/domain/payment-status.ts'

describe("Juspay's words", () => {
  test.each([
    ['NEW', 'created'],
    ['CREATED', 'created'],
    ['STARTED', 'pending'],
    ['PENDING_VBV', 'pending'],
    ['VBV_SUCCESSFUL', 'pending'],
    ['AUTHORIZING', 'pending'],
    ['COD_INITIATED', 'pending'],
    ['AUTHORIZED', 'authorised'],
    ['CAPTURE_INITIATED', 'authorised'],
    ['CAPTURE_FAILED', 'authorised'],
    ['CHARGED', 'charged'],
    ['PARTIAL_CHARGED', 'charged'],
    ['AUTO_REFUNDED', 'charged'],
    ['AUTHENTICATION_FAILED', 'failed'],
    ['AUTHORIZATION_FAILED', 'failed'],
    ['JUSPAY_DECLINED', 'failed'],
    ['VOIDED', 'voided'],
    ['VOID_INITIATED', 'voided'],
    ['NOT_FOUND', 'unknown'],
    ['BRAND_NEW_WORD', 'unknown'],
  ])('%s means %s', (word, status) => {
    expect(paymentStatusOf(word)).toBe(status)
  })

  test('precedence never lets an earlier state win', () => {
    const ladder = [
      'NEW',
      'STARTED',
      'PENDING_VBV',
      'VBV_SUCCESSFUL',
      'AUTHORIZING',
      'AUTHORIZATION_FAILED',
      'AUTHORIZED',
      'VOIDED',
      'CHARGED',
      'AUTO_REFUNDED',
    ]
    for (const [index, word] of ladder.entries()) {
      for (const earlier of ladder.slice(0, index)) {
        expect(winningStatus(earlier, word)).toBe(word)
        expect(winningStatus(word, earlier)).toBe(word)
      }
    }
    expect(statusRank('BRAND_NEW_WORD')).toBeLessThan(statusRank('CHARGED'))
  })

  test('of reports in any order the same one wins, and of a hold the later one', () => {
    const word = fc.constantFrom(
      'PENDING',
      'AUTHORIZED',
      'VOID_INITIATED',
      'CAPTURE_FAILED',
      'VOIDED',
      'CHARGED',
    )
    const report = fc.record({ word, at: fc.nat(3) })
    fc.assert(
      fc.property(report, report, report, (a, b, c) => {
        expect(winningReport(a, b)).toEqual(winningReport(b, a))
        expect(winningReport(winningReport(a, b), c)).toEqual(winningReport(a, winningReport(b, c)))
        if (isHoldStatus(a.word) && isHoldStatus(b.word))
          expect(winningReport(a, b).at).toBe(Math.max(a.at, b.at))
        else if (a.word !== b.word) expect(winningReport(a, b).word).toBe(winningStatus(a.word, b.word))
      }),
    )
  })

  test('a word we do not know is shown as it is', () => {
    expect(describeStatus('BRAND_NEW_WORD')).toEqual({
      label: 'Unknown',
      plain: 'New code: BRAND_NEW_WORD. Shown as is',
    })
  })
})

describe('the chip', () => {
  const base = {
    paymentStatus: 'charged',
    providerStatus: 'CHARGED',
    refundState: 'none',
    disputed: false,
    inReview: false,
  } as const
  test.each([
    [base, 'charged'],
    [{ ...base, disputed: true, refundState: 'full' }, 'disputed'],
    [{ ...base, refundState: 'full' }, 'refunded'],
    [{ ...base, refundState: 'partial' }, 'partial'],
    [{ ...base, inReview: true }, 'review'],
    [{ ...base, providerStatus: 'AUTO_REFUNDED' }, 'refunded'],
    [{ ...base, paymentStatus: 'authorised', providerStatus: 'VOID_FAILED' }, 'review'],
    [{ ...base, paymentStatus: 'created', providerStatus: 'NEW' }, 'pending'],
    [{ ...base, paymentStatus: 'unknown', providerStatus: 'ODD' }, 'unknown'],
  ] as const)('%j shows %s', (input, expected) => {
    expect(displayStatus(input)).toBe(expected)
  })
})
