import { useQuery } from '@tanstack/react-query'
import { stopTitle } from '../../server/domain/refund-stop.ts'
import { DateTime } from '../ui/date-time.tsx'
import { Notice } from '../ui/states.tsx'
import { useTRPC } from './trpc.ts'
import { useRenewOn } from './use-renew-on.ts'

/** A stop ends by itself without anybody saying so. */
const REFRESH_MS = 30_000
const RENEW_MS = 500

/** While refunds are stopped every page says what, who, why and until when. */
export function RefundStopBanner() {
  const trpc = useTRPC()
  const stops = useQuery(trpc.stops.inForce.queryOptions(undefined, { refetchInterval: REFRESH_MS }))
  useRenewOn('refund_stop', trpc.stops.inForce.queryKey(), RENEW_MS)
  return (
    <div role="status">
      {stops.data?.map((stop) => (
        <Notice key={stop.id} tone="review">
          <strong>{stopTitle(stop)}</strong> by {stop.setByName}
          {stop.expiresAt ? (
            <>
              {' '}
              until <DateTime at={stop.expiresAt} />
            </>
          ) : null}
          : {sentence(stop.reason)} New requests are taken and wait.
        </Notice>
      ))}
    </div>
  )
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
