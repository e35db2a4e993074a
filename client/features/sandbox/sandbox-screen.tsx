import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { gridState } from '../../lib/errors.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageBar, PageScroll } from '../../ui/page.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { SimulateMenu } from './simulate-menu.tsx'
import { SimulatePayments } from './simulate-payments.tsx'
import { SandboxOrders } from './sandbox-orders.tsx'
import type { SandboxSearch } from './sandbox-search.ts'
import { SendWebhook } from './send-webhook.tsx'
import { TrafficControl } from './traffic-control.tsx'
import { useSandboxHealth } from './use-sandbox-health.ts'
import { useSimulations } from './use-simulations.ts'
import css from './sandbox.module.css'

/** Orders shown under "What you made"; older ones are found in Transactions. */
const MADE_MAX = 25

type SandboxScreenProps = { search: SandboxSearch; onSearch: (search: SandboxSearch) => void }

/** Try everything without real money. Only sandbox accounts have it. */
export function SandboxScreen(props: SandboxScreenProps) {
  const can = useCan('sandbox:use')
  const { environment } = useSession().account
  if (can.allowed && environment === 'sandbox') return <Available {...props} />
  return (
    <Page title="Sandbox">
      <PageScroll>
        {can.allowed ? (
          <EmptyState title="This is a live account.">
            The sandbox exists only in sandbox accounts, so that nothing made up can get among real payments.
          </EmptyState>
        ) : (
          <ForbiddenState title={can.reason} />
        )}
      </PageScroll>
    </Page>
  )
}

function Available(props: SandboxScreenProps) {
  const trpc = useTRPC()
  const info = useQuery(trpc.sandbox.info.queryOptions())
  const state = gridState(info, 'the sandbox')
  if (info.data?.available && info.data.url !== null)
    return <Controls {...props} url={info.data.url} pageUrl={info.data.pageUrl} />
  return (
    <Page title="Sandbox">
      <PageScroll>
        {state.kind === 'loading' ? <LoadingRows label="Loading the sandbox" /> : null}
        {state.kind === 'error' ? <ErrorState problem={state.problem} onRetry={state.onRetry} /> : null}
        {state.kind === 'forbidden' ? <ForbiddenState title={state.title} hint={state.hint} /> : null}
        {info.data ? (
          <EmptyState title="No sandbox runs beside this server.">
            Start Paydesk with npm start; it brings a Juspay sandbox with it.
          </EmptyState>
        ) : null}
      </PageScroll>
    </Page>
  )
}

type ControlsProps = SandboxScreenProps & { url: string; pageUrl: string | null }

function Controls({ url, pageUrl, search, onSearch }: ControlsProps) {
  const { link: Link } = useKit()
  const health = useSandboxHealth(url)
  const [made, setMade] = useState<readonly string[]>([])
  const simulations = useSimulations((refs) => setMade((before) => [...refs, ...before].slice(0, MADE_MAX)))
  const blocked = health === 'down' ? 'The sandbox does not answer. Start it with npm start.' : null
  return (
    <Page title="Sandbox">
      <PageBar
        end={
          <>
            <SimulateMenu
              state={simulations}
              blocked={blocked}
              opened={search.open === 'simulate'}
              onOpened={(opened) => onSearch({ open: opened ? 'simulate' : '' })}
            />
            <Link to="/checkout" className={`kit-button ${css['plain'] ?? ''}`}>
              Open demo checkout
            </Link>
            {pageUrl === null ? null : (
              <a href={pageUrl} target="_blank" rel="noopener noreferrer">
                Its own control page (new tab)
              </a>
            )}
          </>
        }
      >
        <span role="status">
          {health === 'checking' ? (
            <StatusChip status="pending" label="Asking" variant="header" />
          ) : health === 'up' ? (
            <StatusChip status="charged" label="Answers" variant="header" />
          ) : (
            <StatusChip status="failed" label="No answer" variant="header" />
          )}
        </span>
        <span className="muted">
          Juspay simulator at <span className="mono">{url}</span>
        </span>
      </PageBar>
      <PageScroll>
        <div className={css['cards']}>
          <SimulatePayments state={simulations} blocked={blocked} />
          <SendWebhook
            blocked={blocked}
            wanted={search.open === 'webhook'}
            onReached={() => onSearch({ open: '' })}
          />
          <TrafficControl blocked={blocked} />
        </div>
        <SandboxOrders orderRefs={made} told={simulations.done} />
        <p className={css['trouble']}>
          Timeouts, refunds that fail or hang, lost and broken webhooks and the clock are switched on the
          sandbox’s own control page.
        </p>
      </PageScroll>
    </Page>
  )
}
