import { useInfiniteQuery } from '@tanstack/react-query'
import { DEFAULT_POLICY } from '../../../server/domain/approval-policy.ts'
import { toProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows } from '../../ui/states.tsx'
import { policyChanges } from './policy-words.ts'
import type { PolicyVersion } from './settings-types.ts'
import css from './settings.module.css'

/** Every version of the policy, with what it changed. */
export function PolicyHistory({ currency }: { currency: string }) {
  const trpc = useTRPC()
  const history = useInfiniteQuery(
    trpc.settings.policyHistory.infiniteQueryOptions(
      {},
      { initialCursor: null, getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  )
  const versions = history.data?.pages.flatMap(({ rows }) => rows) ?? []
  return (
    <Section title="History">
      {history.error && versions.length === 0 ? (
        <ErrorState
          problem={toProblem(history.error, 'earlier versions')}
          onRetry={() => void history.refetch()}
        />
      ) : !history.data ? (
        <LoadingRows rows={3} label="Loading earlier versions" />
      ) : (
        <>
          <ol className={css['versions']}>
            {versions.map((version, at) => (
              <Version
                key={version.version}
                version={version}
                before={versions[at + 1]}
                currency={currency}
              />
            ))}
            <li>Version 0, as delivered.</li>
          </ol>
          {history.hasNextPage ? (
            <ActionButton busy={history.isFetchingNextPage} onPress={() => void history.fetchNextPage()}>
              Show earlier versions
            </ActionButton>
          ) : null}
        </>
      )}
    </Section>
  )
}

type VersionProps = { version: PolicyVersion; before: PolicyVersion | undefined; currency: string }

function Version({ version, before, currency }: VersionProps) {
  // The oldest one shown is compared when the one before it is there; the first ever, with the rules as delivered.
  const old = before ?? (version.version === 1 ? DEFAULT_POLICY.rules : null)
  const changes = old === null ? [] : policyChanges(old, version, currency)
  return (
    <li>
      <p>
        <strong>Version {version.version}</strong> by {version.writtenBy}, <DateTime at={version.writtenAt} />
      </p>
      {changes.length > 0 ? <FactList facts={changes} /> : null}
    </li>
  )
}
