import type { ViewAlert } from '../../../client/features/orders/order-types.ts'
import { NEW_ALERT } from '../../../server/domain/view-alert.ts'

export const AT = new Date('2026-11-22T09:05:00Z')

/** The alert of a built-in view, quiet unless it says otherwise. */
export function viewAlert(change: Partial<ViewAlert> = {}): ViewAlert {
  return {
    ...NEW_ALERT,
    id: '00000000-0000-4000-8000-0000000000a1',
    view: 'failed',
    name: 'Failed today',
    rule: { kind: 'more_than', threshold: 0 },
    checkedAt: AT,
    seenAt: null,
    ...change,
  }
}

export const after = (minutes: number) => new Date(AT.getTime() + minutes * 60_000)
