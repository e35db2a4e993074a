import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { gridState } from '../../lib/errors.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageFooter } from '../../ui/page.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows } from '../../ui/states.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { useNarrow } from '../../ui/use-screen.ts'
import { ApprovalDetail } from './approval-detail.tsx'
import { ApprovalList } from './approval-list.tsx'
import { APPROVAL_TAB_LABELS, APPROVAL_TABS, approvalsPath, type ApprovalTab } from './approval-tabs.ts'
import type { ApprovalRow } from './approval-types.ts'
import { TogetherBar } from './together-bar.tsx'
import { BatchesWaiting } from './batches-waiting.tsx'
import { EndedRequest } from './ended-request.tsx'
import { useApprovals } from './use-approvals.ts'
import { useDecision } from './use-decision.ts'
import { useMarks, type Marks } from './use-marks.ts'
import css from './approvals.module.css'

export type ApprovalSearch = { tab: ApprovalTab; id: string | null }

export type ApprovalsScreenProps = {
  search: ApprovalSearch
  /** Shows another request of the same box, or none. */
  onShow: (id: string | null) => void
}

/** The inbox of refunds that need a second person. */
export function ApprovalsScreen({ search, onShow }: ApprovalsScreenProps) {
  const trpc = useTRPC()
  const counts = useQuery(trpc.session.counts.queryOptions())
  // Of those who only look on, nothing waits.
  const decides = useCan('refund:approve').allowed
  return (
    <Page title="Approvals">
      <TabsBar
        label="Boxes"
        active={search.tab}
        tabs={APPROVAL_TABS.map((tab) => ({
          id: tab,
          label: APPROVAL_TAB_LABELS[tab],
          to: approvalsPath(tab),
          ...(tab === 'waiting' && decides && { count: counts.data?.approvals }),
        }))}
      >
        <BatchesWaiting count={counts.data?.batches ?? 0} />
      </TabsBar>
      <Box key={search.tab} search={search} onShow={onShow} />
      <PageFooter
        end={
          <>
            <Kbd keys="J" /> <Kbd keys="K" /> move · <Kbd keys="A" /> approve · <Kbd keys="N" /> reject ·{' '}
            <Kbd keys="Shift+A" /> together · <Kbd keys="?" /> all shortcuts
          </>
        }
      >
        <span>{search.tab === 'waiting' ? 'Oldest first' : 'Newest first'}</span>
      </PageFooter>
    </Page>
  )
}

function Box({ search, onShow }: ApprovalsScreenProps) {
  const { tab, id } = search
  const { list, rows } = useApprovals(tab)
  const { user } = useSession()
  const marks = useMarks(rows)
  // The list and the request take turns where there is no room for both.
  const narrow = useNarrow()
  // Wide screens always show one; on narrow ones nothing is opened, and nothing can be decided, before it is chosen.
  const shown =
    id === null ? (narrow ? null : (rows[0] ?? null)) : (rows.find((row) => row.requestId === id) ?? null)
  const activeId = id ?? shown?.requestId ?? null
  const { request, onNext } = useNextRead(activeId, onShow)

  function move(by: 1 | -1) {
    const next = rows[rows.findIndex((row) => row.requestId === activeId) + by]
    if (next) onShow(next.requestId)
  }
  useShortcut({ id: 'approvals.next', keys: 'J', label: 'Next request', palette: false, run: () => move(1) })
  useShortcut({
    id: 'approvals.previous',
    keys: 'K',
    label: 'Previous request',
    palette: false,
    run: () => move(-1),
  })

  const state = gridState({ ...list, isPlaceholderData: false }, 'approvals')
  if (state.kind === 'loading') return <LoadingRows rows={6} label="Loading approvals" />
  if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  if (state.kind === 'forbidden') return <ForbiddenState title={state.title} hint={state.hint} />
  if (rows.length === 0 && id === null) return <EmptyBox tab={tab} />
  const detail = shown ? (
    <ShownRequest key={shown.requestId} row={shown} rows={rows} onNext={onNext} marks={marks} />
  ) : id === null ? null : (
    <EndedRequest key={id} requestId={id} />
  )
  return (
    <div className={css['split']}>
      {narrow && id !== null ? null : (
        <div className={css['side']}>
          <ApprovalList
            label={APPROVAL_TAB_LABELS[tab]}
            tab={tab}
            rows={rows}
            activeId={activeId}
            userId={user.id}
            marked={marks.ids}
            onMore={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
            loadingMore={list.isFetchingNextPage}
          />
        </div>
      )}
      {detail ? (
        <section ref={request} className={css['detail']} aria-label="Request">
          {narrow ? <BackToList tab={tab} /> : null}
          {detail}
        </section>
      ) : null}
      <TogetherBar marks={marks} />
    </div>
  )
}

/** After a decision the button that was pressed is gone, and what follows is to be read first: its heading has the focus. */
function useNextRead(activeId: string | null, onShow: ApprovalsScreenProps['onShow']) {
  const request = useRef<HTMLElement>(null)
  const decided = useRef(false)
  useEffect(() => {
    if (!decided.current) return
    decided.current = false
    request.current?.querySelector('h2')?.focus()
  }, [activeId])
  function onNext(next: string | null) {
    decided.current = true
    onShow(next)
  }
  return { request, onNext }
}

function BackToList({ tab }: { tab: ApprovalTab }) {
  const { link: Link } = useKit()
  return (
    <p className={css['back']}>
      <Link to={approvalsPath(tab)}>Back to {APPROVAL_TAB_LABELS[tab].toLowerCase()}</Link>
    </p>
  )
}

type ShownRequestProps = {
  row: ApprovalRow
  rows: readonly ApprovalRow[]
  onNext: (id: string | null) => void
  marks: Marks
}

/** A decided request leaves the box; the one that takes its place is shown next. */
function ShownRequest({ row, rows, onNext, marks }: ShownRequestProps) {
  const decision = useDecision()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<{ title: string; message: string } | null>(null)
  function goOn() {
    const at = rows.indexOf(row)
    const next = rows[at + 1] ?? rows[at - 1]
    onNext(next?.requestId ?? null)
  }
  async function act(run: (row: ApprovalRow) => Promise<boolean>) {
    if (await run(row)) goOn()
  }
  async function approveShown() {
    if (busy) return
    setBusy(true)
    setProblem(null)
    const result = await decision.approveShown(row)
    setBusy(false)
    if (result.kind === 'done') goOn()
    else setProblem(result)
  }
  return (
    <ApprovalDetail
      row={row}
      decide={{
        approveShown: () => void approveShown(),
        approve: () => void act(decision.approve),
        reject: () => void act(decision.reject),
        withdraw: () => void act(decision.withdraw),
        mark: marks.canMark(row) ? () => marks.toggle(row) : null,
        busy,
        problem,
      }}
    />
  )
}

const EMPTY: Readonly<Record<ApprovalTab, readonly [title: string, text: string]>> = {
  waiting: ['No refunds waiting for you.', 'Requests above the refund policy appear here.'],
  mine: ['You have not asked for a refund yet.', 'Open an order and press R to refund it.'],
  decided: [
    'Nothing was decided yet.',
    'Requests that were approved, rejected, withdrawn or ran out appear here.',
  ],
}

function EmptyBox({ tab }: { tab: ApprovalTab }) {
  const trpc = useTRPC()
  const decided = useQuery(
    trpc.approvals.list.queryOptions(
      { tab: 'decided', limit: 1, cursor: null },
      { enabled: tab === 'waiting' },
    ),
  )
  const last = decided.data?.rows[0]?.decidedAt
  const [title, text] = EMPTY[tab]
  return (
    <EmptyState title={title}>
      {text}
      {last ? (
        <>
          {' '}
          Last decided <DateTime at={last} />.
        </>
      ) : null}
    </EmptyState>
  )
}
