import { useQuery } from '@tanstack/react-query'
import { toProblem } from '../../lib/errors.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows } from '../../ui/states.tsx'
import { policyFacts } from './policy-words.ts'
import { PolicyForm } from './policy-form.tsx'
import { PolicyHistory } from './policy-history.tsx'
import { PolicyTryIt } from './policy-try-it.tsx'
import type { PolicySettings } from './settings-types.ts'
import css from './settings.module.css'

/** Who may refund how much without a second person. */
export function PolicySection() {
  const trpc = useTRPC()
  const can = useCan('settings:write')
  const { currency } = useSession().account
  const policy = useQuery(trpc.settings.policy.queryOptions())
  if (policy.error && !policy.data) {
    return (
      <ErrorState
        problem={toProblem(policy.error, 'the refund policy')}
        onRetry={() => void policy.refetch()}
      />
    )
  }
  if (!policy.data) return <LoadingRows rows={8} label="Loading the refund policy" />
  return (
    <div className={css['narrow']}>
      <Section title={versionTitle(policy.data)}>
        <p className={css['lead']}>
          Requests keep the version they were asked under. The requester never approves, whatever stands here.
        </p>
        {can.allowed ? (
          <PolicyForm key={policy.data.version} policy={policy.data} currency={currency} />
        ) : (
          <>
            <FactList facts={policyFacts(policy.data, currency)} />
            <div className={css['actions']}>
              <ActionButton disabledReason={can.reason}>Change policy</ActionButton>
              <span className="caption">{can.reason}</span>
            </div>
          </>
        )}
      </Section>
      <PolicyTryIt key={`try ${policy.data.version}`} policy={policy.data} currency={currency} />
      <PolicyHistory currency={currency} />
    </div>
  )
}

function versionTitle({ version }: PolicySettings): string {
  return version === 0 ? 'Refund policy, as delivered' : `Refund policy, version ${version}`
}
