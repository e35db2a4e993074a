import { useKit } from '../../ui/kit-context.ts'

/** Batches are decided on pages of their own, row by row in sight; the inbox says that there are some. */
export function BatchesWaiting({ count }: { count: number }) {
  const { link: Link } = useKit()
  if (count === 0) return null
  return (
    <Link to="/refunds/bulk">
      {count === 1 ? '1 batch of refunds waits for you' : `${count} batches of refunds wait for you`}
    </Link>
  )
}
