import { useQuery } from '@tanstack/react-query'
import { codeOf, toProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState, ErrorState, LoadingRows } from '../../ui/states.tsx'
import { endedText } from './approval-words.ts'

/** In place of a request that the address names but this box no longer holds: how it ended, and by whom. */
export function EndedRequest({ requestId }: { requestId: string }) {
  const trpc = useTRPC()
  const { timeZone, link: Link } = useKit()
  const refund = useQuery(trpc.refunds.get.queryOptions({ id: requestId }))
  if (refund.data) {
    const { decisionNote } = refund.data
    return (
      <EmptyState
        title={endedText(refund.data, timeZone)}
        action={<Link to={`/refunds/${refund.data.id}`}>Open the refund</Link>}
      >
        {decisionNote ? `Note: ${decisionNote}` : refund.data.where}
      </EmptyState>
    )
  }
  if (refund.error === null) return <LoadingRows rows={4} label="Loading the request" />
  if (codeOf(refund.error) === 'NOT_FOUND' || codeOf(refund.error) === 'BAD_REQUEST') {
    return <EmptyState title="No such request in this account.">The link may be old.</EmptyState>
  }
  return (
    <ErrorState problem={toProblem(refund.error, 'this request')} onRetry={() => void refund.refetch()} />
  )
}
