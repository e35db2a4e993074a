import {
  doneOf,
  ITEM_WORDS,
  jobWord,
  replayPath,
  type ReplayItemRow,
  type ReplayJob,
} from '../../lib/replay-words.ts'
import { fieldWords, subjectWords } from '../../ui/change-table.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { NoValue } from '../../ui/money.tsx'
import { progressText } from '../../ui/progress-bar.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { scopeText } from './scope-words.ts'
import css from './replays.module.css'

function JobLink({ job }: { job: ReplayJob }) {
  const { link: Link } = useKit()
  return (
    <Link to={replayPath(job)} tabIndex={-1} className={css['link']}>
      {scopeText(job.scope)}
    </Link>
  )
}

/** Columns of the list of replays. */
export const JOB_COLUMNS: readonly GridColumn<ReplayJob>[] = [
  {
    id: 'created',
    header: 'Started',
    width: 140,
    render: (job) => <DateTime at={job.createdAt} />,
  },
  {
    id: 'scope',
    header: 'Events',
    width: 260,
    grow: true,
    rowHeader: true,
    render: (job) => <JobLink job={job} />,
  },
  {
    id: 'status',
    header: 'State',
    width: 150,
    render: (job) => {
      const { role, label, detail } = jobWord(job)
      return <StatusChip status={role} label={label} detail={job.note ?? detail} />
    },
  },
  {
    id: 'progress',
    header: 'Done',
    width: 140,
    align: 'end',
    render: (job) => <span className="num">{progressText(doneOf(job), job.total)}</span>,
  },
  {
    id: 'changed',
    header: 'Changed',
    width: 90,
    align: 'end',
    render: (job) => <span className="num">{job.changed.toLocaleString('en-IN')}</span>,
  },
  {
    id: 'failed',
    header: 'Failed',
    width: 80,
    align: 'end',
    render: (job) => <span className="num">{job.failed.toLocaleString('en-IN')}</span>,
  },
  { id: 'by', header: 'Started by', width: 150, render: (job) => job.createdBy },
]

function EventName({ item }: { item: ReplayItemRow }) {
  const { link: Link } = useKit()
  return (
    <Link to={`/events/${item.eventId}`} tabIndex={-1} className={css['mono']}>
      {item.eventName ?? 'No name'}
    </Link>
  )
}

/** "Order payment status: pending to charged", and how many more. */
function effectText(effect: ReplayItemRow['would']): string | null {
  if (effect === null) return null
  if (effect.error !== null) return effect.error
  if (effect.outcome === 'no_order_yet') return ITEM_WORDS.would_ask.detail
  const [first] = effect.changes
  if (first === undefined) return 'Nothing'
  const status =
    effect.changes.find(({ subject, field }) => subject === 'order' && field === 'paymentStatus') ?? first
  const words = `${subjectWords(status.subject)} ${fieldWords(status.field).toLowerCase()}`
  const values = status.after === null ? '' : `: ${status.before ?? 'none'} to ${status.after}`
  const more = effect.changes.length - 1
  return `${words}${values}${more === 0 ? '' : `, ${more} more`}`
}

function Effect({ effect }: { effect: ReplayItemRow['would'] }) {
  const text = effectText(effect)
  return text === null ? <NoValue /> : <span title={text}>{text}</span>
}

/** Columns of the events of one replay. */
export const ITEM_COLUMNS: readonly GridColumn<ReplayItemRow>[] = [
  { id: 'n', header: 'No.', width: 70, align: 'end', render: (item) => item.n.toLocaleString('en-IN') },
  {
    id: 'received',
    header: 'Received',
    width: 160,
    render: (item) => <DateTime at={item.receivedAt} />,
  },
  {
    id: 'event',
    header: 'Event',
    width: 200,
    rowHeader: true,
    render: (item) => <EventName item={item} />,
  },
  {
    id: 'order',
    header: 'Order',
    width: 150,
    render: ({ orderRef }) => (orderRef === null ? <NoValue /> : <span className="mono">{orderRef}</span>),
  },
  {
    id: 'state',
    header: 'Effect',
    width: 170,
    render: ({ state }) => (
      <StatusChip
        status={ITEM_WORDS[state].role}
        label={ITEM_WORDS[state].label}
        detail={ITEM_WORDS[state].detail}
      />
    ),
  },
  {
    id: 'would',
    header: 'Would have',
    width: 200,
    grow: true,
    render: (item) => <Effect effect={item.would} />,
  },
  { id: 'did', header: 'Did', width: 200, grow: true, render: (item) => <Effect effect={item.did} /> },
]

/** Name of an item in speech. */
export function itemSpoken(item: ReplayItemRow): string {
  const name = item.eventName ?? 'event without a name'
  return item.orderRef === null ? name : `${name} for ${item.orderRef}`
}
