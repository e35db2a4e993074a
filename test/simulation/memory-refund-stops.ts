/** Stops of refunds in memory. Semantics of `server/store/refund-stops.ts`. */
import type { StoreTx } from '../../server/store/store.ts'
import type { Session } from './memory-connection.ts'
import type { StopRow } from './memory-database.ts'
import { WAIT } from './scheduler.ts'

type Stops = StoreTx['refundStops']
type Used = 'shareLock' | 'lock' | 'inForce' | 'byId' | 'closeExpired' | 'insert' | 'lift' | 'sendNow'

export function memoryRefundStops(session: Session): Pick<Stops, Used> {
  return {
    shareLock: () =>
      session.statement('stops.shareLock', (view) => (view.lockStops(false) ? undefined : WAIT)),

    lock: () => session.statement('stops.lock', (view) => (view.lockStops(true) ? undefined : WAIT)),

    inForce: (_accountId, now) =>
      session.statement('stops.inForce', (view) => view.all('stops').filter((row) => holds(row, now))),

    byId: (_accountId, id) => session.statement('stops.byId', (view) => view.get('stops', id) ?? null),

    // Only jobs have stops to close, and none of them runs here.
    closeExpired: () => Promise.resolve(),

    insert: (stop) =>
      session.statement('stops.insert', (view) => {
        const { id, gateway, reason, setByKind, setBy, setByName, expiresAt, now } = stop
        const lifted = { liftedByName: null, liftedAt: null, liftNote: null }
        const row = { id, gateway, reason, setByKind, setBy, setByName, setAt: now, expiresAt, ...lifted }
        const clashing = view.insert('stops', row)
        return clashing === WAIT ? WAIT : clashing === null
      }),

    lift: ({ id, by, note, now }) =>
      session.statement('stops.lift', (view) => {
        const row = view.get('stops', id)
        if (row === undefined) return false
        if (!view.lock('stops', id)) return WAIT
        if (!holds(row, now)) return false
        view.put('stops', { ...row, liftedAt: now, liftedByName: by, liftNote: note })
        return true
      }),

    sendNow: (_accountId, now) =>
      session.statement('refunds.sendNow', (view) => {
        const waiting = view
          .all('refunds')
          .filter(
            ({ status, nextActionAt }) => status === 'ready' && nextActionAt !== null && nextActionAt > now,
          )
        for (const { id } of waiting) if (!view.lock('refunds', id)) return WAIT
        for (const row of waiting) view.put('refunds', { ...row, nextActionAt: now })
        return waiting.length
      }),
  }
}

function holds({ liftedAt, expiresAt }: StopRow, now: Date): boolean {
  return liftedAt === null && (expiresAt === null || expiresAt > now)
}
