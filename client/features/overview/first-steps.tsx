import { useQuery } from '@tanstack/react-query'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import type { Steps } from './overview-types.ts'
import { useRefreshMs } from './use-overview.ts'
import css from './overview.module.css'

/** What a new account does first; gone with its first charged payment. */
export function FirstSteps() {
  const trpc = useTRPC()
  const steps = useQuery(trpc.overview.steps.queryOptions(undefined, { refetchInterval: useRefreshMs() }))
  return steps.data && !steps.data.payment ? <StepList steps={steps.data} /> : null
}

/** The three steps, each done or with where to do it. */
export function StepList({ steps }: { steps: Steps }) {
  const { link: Link } = useKit()
  const { environment } = useSession().account
  const sandbox = useCan('sandbox:use').allowed && environment === 'sandbox'
  const lines = [
    { done: steps.connected, text: 'Connect Juspay', to: '/settings', action: 'Open settings' },
    { done: steps.webhook, text: 'Set the webhook', to: '/settings', action: 'Show its address' },
    sandbox
      ? { done: steps.payment, text: 'See the first payment', to: '/sandbox', action: 'Simulate a payment' }
      : {
          done: steps.payment,
          text: 'See the first payment',
          to: '/transactions',
          action: 'Open transactions',
        },
  ]
  return (
    <Section title="Three steps to your first payment">
      <ol className={css['steps']}>
        {lines.map(({ done, text, to, action }) => (
          <li key={text}>
            <span className={css['stepText']}>{text}</span>{' '}
            {done ? <span className="muted">Done</span> : <Link to={to}>{action}</Link>}
          </li>
        ))}
      </ol>
    </Section>
  )
}
