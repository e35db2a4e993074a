import type { ErrorComponentProps } from '@tanstack/react-router'
import { EmptyState, ErrorState } from '../ui/states.tsx'
import { Page } from '../ui/page.tsx'
import { toProblem } from './errors.ts'
import { useKit } from '../ui/kit-context.ts'

/** A screen that could not be shown. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="Not shown">
      <ErrorState problem={toProblem(error, 'this page')} onRetry={reset} />
    </Page>
  )
}

/** An address that leads nowhere. */
export function RouteMissing() {
  const { link: Link } = useKit()
  return (
    <Page title="Page not found">
      <EmptyState
        title="There is nothing at this address."
        action={<Link to="/transactions">Go to Transactions</Link>}
      >
        The link may be old, or the record may belong to another account.
      </EmptyState>
    </Page>
  )
}
