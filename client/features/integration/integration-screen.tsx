import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { gridState, toActProblem } from '../../lib/errors.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageBar, PageScroll, Section } from '../../ui/page.tsx'
import { ErrorState, ForbiddenState, LoadingRows, Notice } from '../../ui/states.tsx'
import { IntegrationDiagram } from './integration-diagram.tsx'
import type { IntegrationOverview } from './integration-types.ts'
import { headline } from './integration-words.ts'
import { SilentSwitches } from './silent-switches.tsx'
import css from './integration.module.css'

/** What is proved by a payment in another window shows here by itself. */
const REFRESH_MS = 3_000

/** How far the integration with Juspay works: what was seen of each step, when, and what to do about the rest. */
export function IntegrationScreen() {
  const can = useCan('settings:read')
  if (can.allowed) return <Integration />
  return (
    <Page title="Integration">
      <PageScroll>
        <ForbiddenState title="You can't see the integration." hint={`${can.reason} Ask an admin.`} />
      </PageScroll>
    </Page>
  )
}

function Integration() {
  const trpc = useTRPC()
  const overview = useQuery(
    trpc.integration.overview.queryOptions(undefined, { refetchInterval: REFRESH_MS, staleTime: 0 }),
  )
  const state = gridState(overview, 'the integration')
  return (
    <Page title="Integration">
      {overview.data ? <Bar overview={overview.data} isOld={overview.isError} /> : null}
      <PageScroll>
        {overview.data ? (
          <div className={css['page']}>
            <Section title="Steps of a payment">
              <IntegrationDiagram steps={overview.data.steps} />
            </Section>
            <SilentSwitches switches={overview.data.switches} />
            <Addresses addresses={overview.data.addresses} />
          </div>
        ) : state.kind === 'error' ? (
          <ErrorState problem={state.problem} onRetry={state.onRetry} />
        ) : state.kind === 'forbidden' ? (
          <ForbiddenState title={state.title} hint={state.hint} />
        ) : (
          <LoadingRows rows={10} label="Loading the integration" />
        )}
      </PageScroll>
    </Page>
  )
}

function Bar({ overview, isOld }: { overview: IntegrationOverview; isOld: boolean }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { link: Link } = useKit()
  const { environment } = useSession().account
  const canPay = useCan('sandbox:use')
  const test = useMutation(
    trpc.integration.testConnection.mutationOptions({
      onSettled: () => client.invalidateQueries({ queryKey: trpc.integration.overview.queryKey() }),
    }),
  )
  const { done, text } = headline(overview.steps)
  return (
    <>
      <PageBar
        end={
          <>
            {environment === 'sandbox' && canPay.allowed ? (
              <Link to="/checkout" className={`kit-button ${css['plain'] ?? ''}`}>
                Open demo checkout
              </Link>
            ) : null}
            <ActionButton busy={test.isPending} onPress={() => test.mutate()}>
              Test connection
            </ActionButton>
          </>
        }
      >
        <p role="status" className={css['headline']} data-done={done || undefined}>
          {isOld ? 'The server does not answer. What stands below is old.' : text}
        </p>
      </PageBar>
      {test.data ? (
        <div className={css['tested']} role="status">
          <Notice tone={test.data.accepted ? 'charged' : 'failed'}>
            {test.data.words} It took {test.data.tookMs} ms.
          </Notice>
        </div>
      ) : null}
      {test.error ? (
        <div className={css['tested']}>
          <Notice tone="failed" title={toActProblem(test.error).title}>
            {toActProblem(test.error).message}
          </Notice>
        </div>
      ) : null}
    </>
  )
}

function Addresses({ addresses }: { addresses: IntegrationOverview['addresses'] }) {
  return (
    <Section title="What to enter at Juspay">
      <FactList
        facts={[
          {
            label: 'Webhook address',
            value: copyable(addresses.webhookUrl, 'webhook address'),
          },
          { label: 'User name', value: copyable(addresses.webhookUsername, 'webhook user name') },
          { label: 'Return URL', value: copyable(addresses.returnUrl, 'return URL') },
          { label: 'Signed response', value: 'Yes' },
        ]}
      />
    </Section>
  )
}

function copyable(value: string, what: string): ReactNode {
  return (
    <span className={css['copyable']}>
      <span className="mono">{value}</span>
      <CopyButton text={value} what={what} />
    </span>
  )
}
