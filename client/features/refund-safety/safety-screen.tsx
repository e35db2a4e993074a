import { useQuery } from '@tanstack/react-query'
import { gridState } from '../../lib/errors.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DateTime, TimeAgo, useNow } from '../../ui/date-time.tsx'
import { FigureStrip } from '../../ui/fact-list.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageScroll, Section } from '../../ui/page.tsx'
import { ErrorState, ForbiddenState, LoadingRows, Notice } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { formatDuration } from '../../ui/time-format.ts'
import type { InvariantLine, Safety } from './safety-types.ts'
import { headlineOf, lineText, passText } from './safety-words.ts'
import css from './safety.module.css'

const REFRESH_MS = 15_000
const TICK_MS = 5_000
const CRUMBS = [{ label: 'Refunds', to: '/refunds' }]

/** What must always be true of refunds, and whether it is: checked every minute, in the database itself. */
export function SafetyScreen() {
  return (
    <Page title="Refund safety" crumbs={CRUMBS}>
      <PageScroll label="Checks of refunds">
        <Rules />
      </PageScroll>
    </Page>
  )
}

function Rules() {
  const trpc = useTRPC()
  const safety = useQuery(
    trpc.health.safety.queryOptions(undefined, { refetchInterval: REFRESH_MS, staleTime: 0 }),
  )
  const state = gridState(safety, 'the checks of refunds')
  if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  if (state.kind === 'forbidden') return <ForbiddenState title={state.title} hint={state.hint} />
  if (!safety.data) return <LoadingRows rows={10} label="Loading the checks of refunds" />
  const { data } = safety
  return (
    <div className={css['stack']}>
      <Headline safety={data} old={safety.isError} />
      <Figures safety={data} />
      <Section title="Rules">
        <ul className={css['rules']}>
          {data.invariants.map((line) => (
            <Rule key={line.code} line={line} checked={data.checkedAt !== null} />
          ))}
        </ul>
      </Section>
      <Section title="Judged elsewhere">
        <ul className={css['rules']}>
          {data.unchecked.map(({ code, words }) => (
            <li key={code} className={css['rule']}>
              <span className={css['code']}>{code}</span>
              <span className="muted">{words}</span>
            </li>
          ))}
        </ul>
      </Section>
    </div>
  )
}

function Headline({ safety, old }: { safety: Safety; old: boolean }) {
  const { tone, text } = headlineOf(safety, useNow(TICK_MS))
  return (
    <div role="status">
      <Notice tone={tone}>
        <span className={css['headline']}>{text}</span>
        {old ? <span className="caption"> The server does not answer. These lines are old.</span> : null}
      </Notice>
    </div>
  )
}

function Figures({ safety }: { safety: Safety }) {
  const { checkedAt, tookMs, changedOrders, sliceOrders, pass, lastPass } = safety
  return (
    <div className={css['figures']}>
      <FigureStrip
        figures={[
          { label: 'Last checked', value: checkedAt && <TimeAgo at={checkedAt} /> },
          { label: 'Took', value: tookMs === null ? null : formatDuration(tookMs) },
          {
            label: 'Orders looked at',
            value: `${(changedOrders + sliceOrders).toLocaleString('en-IN')}${safety.behind ? ', more wait' : ''}`,
          },
          {
            label: 'All orders',
            value: lastPass
              ? passText(lastPass)
              : pass
                ? `${pass.orders.toLocaleString('en-IN')} so far`
                : 'Not yet',
          },
        ]}
      />
    </div>
  )
}

function Rule({ line, checked }: { line: InvariantLine; checked: boolean }) {
  const role =
    line.count > 0
      ? line.weight === 'breach'
        ? 'failed'
        : 'pending'
      : line.unanswered || !checked
        ? 'unknown'
        : 'charged'
  return (
    <li className={css['rule']}>
      <span className={css['code']}>{line.code}</span>
      <div className={css['words']}>
        <p>{line.words}</p>
        {line.count > 0 ? <Violations line={line} /> : null}
      </div>
      <StatusChip status={role} label={checked ? lineText(line) : 'Not checked yet'} detail={line.words} />
    </li>
  )
}

function Violations({ line }: { line: InvariantLine }) {
  const { link: Link } = useKit()
  return (
    <ul className={css['violations']} aria-label={`What breaks ${line.code}`}>
      {line.violations.map((violation) => (
        <li key={violation.id}>
          {violation.orderRef === null ? (
            <span className="mono">{violation.subject}</span>
          ) : (
            <Link to={orderPath(violation.orderRef)} className="mono">
              {violation.orderRef}
            </Link>
          )}{' '}
          {violation.detail}{' '}
          <span className="caption">
            Since <DateTime at={violation.firstSeenAt} />
          </span>
        </li>
      ))}
      {line.count > line.violations.length ? (
        <li className="caption">{line.count - line.violations.length} more.</li>
      ) : null}
    </ul>
  )
}
