import { useQuery } from '@tanstack/react-query'
import { useNow } from '../ui/date-time.tsx'
import { useKit } from '../ui/kit-context.ts'
import { Notice } from '../ui/states.tsx'
import { formatSince } from '../ui/time-format.ts'
import { useTRPC } from './trpc.ts'
import { useRenewOn } from './use-renew-on.ts'

/** An outage ends by being forgotten too, and a feed may be cut. */
const REFRESH_MS = 30_000
const RENEW_MS = 500
const TICK_MS = 60_000

/** "Juspay is not answering (since 14:20)" while that is so; null while it answers or nobody knows. */
export function useProviderDown(): string | null {
  const trpc = useTRPC()
  const { timeZone } = useKit()
  const now = useNow(TICK_MS)
  const { data } = useQuery(trpc.health.provider.queryOptions())
  return data?.state === 'down'
    ? `Juspay is not answering (since ${formatSince(data.since, now, timeZone)})`
    : null
}

/** Every page says that Juspay does not answer, and what becomes of refunds meanwhile. It clears itself. */
export function ProviderBanner() {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  useQuery(trpc.health.provider.queryOptions(undefined, { refetchInterval: REFRESH_MS }))
  useRenewOn('provider_health', trpc.health.provider.queryKey(), RENEW_MS)
  const down = useProviderDown()
  const queued = useQueuedWords(down !== null)
  return (
    <div role="status">
      {down === null ? null : (
        <Notice tone="pending">
          {queued === null ? `${down}.` : `${down}. ${queued}`} <Link to="/">Show status</Link>
        </Notice>
      )}
    </div>
  )
}

/**
 * The same where somebody is about to give money back.
 * @param taken whether a refund of this order would be taken at all; of another nothing is promised
 */
export function ProviderDownNotice({ taken }: { taken: boolean }) {
  const down = useProviderDown()
  const queued = useQueuedWords(down !== null && taken)
  return down === null ? null : (
    <Notice tone="pending" title={`${down}.`}>
      {queued}
    </Notice>
  )
}

/**
 * What becomes of new refunds until Juspay answers; null under a stop, when its answer sends nothing, and until that is
 * known. The stops are those of the banner (refund-stop-banner.tsx), which keeps them fresh.
 */
function useQueuedWords(asked: boolean): string | null {
  const trpc = useTRPC()
  const { data: stops } = useQuery(trpc.stops.inForce.queryOptions(undefined, { enabled: asked }))
  return asked && stops?.length === 0 ? QUEUED : null
}

/**
 * A refund is only sent when it is approved and Juspay has answered about its order; until then it is asked again and
 * again (send-refund.ts).
 */
const QUEUED = 'New refunds are queued, and sent once they are approved and it answers.'
