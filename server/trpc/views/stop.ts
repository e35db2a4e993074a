/** What the screens are told about stops of refunds. */
import type { RefundStopRecord } from '../../store/refund-stops.ts'

export type StopView = {
  id: string
  gateway: string | null
  reason: string
  setByKind: 'user' | 'system'
  setByName: string
  setAt: Date
  expiresAt: Date | null
  liftedByName: string | null
  liftedAt: Date | null
  liftNote: string | null
}

export function stopView(stop: RefundStopRecord): StopView {
  return {
    id: stop.id,
    gateway: stop.gateway,
    reason: stop.reason,
    setByKind: stop.setByKind,
    setByName: stop.setByName,
    setAt: stop.setAt,
    expiresAt: stop.expiresAt,
    liftedByName: stop.liftedByName,
    liftedAt: stop.liftedAt,
    liftNote: stop.liftNote,
  }
}
