/** What the screens are told about stops of refunds. */
import type { Role } from '../../domain/permission.ts'
import type { RefundStopRecord } from '../../store/refund-stops.ts'
import { proseFor } from './prose.ts'

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

/** One stop for the person who looks. */
export function stopView(stop: RefundStopRecord, { role }: { role: Role }): StopView {
  const prose = proseFor(role)
  return {
    id: stop.id,
    gateway: stop.gateway,
    reason: prose(stop.reason),
    setByKind: stop.setByKind,
    setByName: stop.setByName,
    setAt: stop.setAt,
    expiresAt: stop.expiresAt,
    liftedByName: stop.liftedByName,
    liftedAt: stop.liftedAt,
    liftNote: prose(stop.liftNote),
  }
}
