/** Webhooks that never come (W24), come too late, or come and cannot be applied: the sweep finds what they would have told. */
import { expect, test } from 'vitest'
import { missWebhooks } from '../../support/missed-webhooks.ts'

/** Real time: many status checks, each in a transaction of its own. */
const TIME_OUT_MS = 240_000

test(
  '200 orders whose every fifth webhook is lost end as Juspay’s books say, and each miss is one gap with its cause',
  { timeout: TIME_OUT_MS },
  async () => {
    const report = await missWebhooks({ orders: 200, seed: 20261125, sweep: true })
    expect(report.violations).toEqual([])
    // The run proves something only when enough went wrong, and enough only looked wrong.
    expect(report.missed).toBeGreaterThan(40)
    expect(report.overtaken).toBeGreaterThan(10)
    expect(Object.keys(report.gaps).sort()).toEqual(['gateway_pending', 'juspay_late', 'we_failed'])
    expect(report.slowestHealMs).toBeLessThanOrEqual(15 * 60_000)
  },
)

test(
  'the broken control: without the sweep lost webhooks stay lost, and the judge says so',
  { timeout: TIME_OUT_MS },
  async () => {
    const report = await missWebhooks({ orders: 40, seed: 20261125, sweep: false })
    expect(report.asked).toBe(0)
    expect(report.violations.some((violation) => violation.includes('we hold PENDING_VBV, Juspay'))).toBe(
      true,
    )
    expect(report.violations.some((violation) => violation.includes('gaps [], wanted'))).toBe(true)
  },
)
