/** Files about failed events and replays, read page by page so that no file is ever whole in memory. */
import type { StaffActor } from '../../domain/actor.ts'
import { shownChange, type FieldChange } from '../../domain/change.ts'
import { csvLine } from '../../domain/csv.ts'
import { maskedOrNull } from '../../domain/masked-text.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ReplayScope } from '../../domain/replay.ts'
import type { ReplayItem } from '../../store/replay-items.ts'
import type { Deps } from '../deps.ts'
import { BOM } from '../exports/csv-file.ts'

/** Events whose bodies one file holds. */
export const BODIES_MAX = 10_000
/** Bodies are up to 2 MB: few at a time. */
const BODIES_PAGE = 20
const ITEMS_PAGE = 1_000

export type StoredBody = { id: string; eventName: string | null; receivedAt: Date; body: Uint8Array }

/**
 * Bodies of the chosen events, oldest first, at most {@link BODIES_MAX}. That somebody takes them is written down before
 * the first leaves.
 * @throws Refusal `not_found` when nothing matches
 */
export async function downloadBodies(
  deps: Pick<Deps, 'store'>,
  actor: StaffActor,
  scope: ReplayScope,
): Promise<AsyncGenerator<StoredBody, void, void>> {
  const { failedEvents, audit } = deps.store
  const first = await failedEvents.bodies(actor.accountId, scope, { after: null, limit: BODIES_PAGE })
  if (first.length === 0) throw new Refusal('not_found', 'No event matches, so there is nothing to download.')
  await audit.append({
    actor,
    action: 'webhook_event.download',
    subjectKind: 'webhook_event',
    subjectId: first.length === 1 ? (first[0]?.id ?? null) : null,
    outcome: 'done',
    after: { scope, most: BODIES_MAX },
  })
  return pages()

  async function* pages(): AsyncGenerator<StoredBody, void, void> {
    let rows = first
    let sent = 0
    while (rows.length > 0) {
      yield* rows
      sent += rows.length
      const last = rows.at(-1)
      if (rows.length < BODIES_PAGE || sent >= BODIES_MAX || last === undefined) return
      const limit = Math.min(BODIES_PAGE, BODIES_MAX - sent)
      rows = await failedEvents.bodies(actor.accountId, scope, { after: last, limit })
    }
  }
}

const HEAD = [
  'no',
  'event_id',
  'event',
  'order',
  'received_at',
  'effect',
  'would_outcome',
  'would_change',
  'did_outcome',
  'did_change',
  'error',
  'applied_at',
] as const

/**
 * The events of one replay with what each would have done and did, as CSV.
 * @throws Refusal `not_found`
 */
export async function downloadReplay(
  deps: Pick<Deps, 'store'>,
  actor: StaffActor,
  input: { jobId: string },
): Promise<AsyncGenerator<string, void, void>> {
  const { replays, audit } = deps.store
  const job = await replays.byId(actor.accountId, input.jobId)
  if (job === null) throw new Refusal('not_found', 'There is no such replay.')
  await audit.append({
    actor,
    action: 'replay_job.download',
    subjectKind: 'replay_job',
    subjectId: job.id,
    outcome: 'done',
    after: { events: job.total },
  })
  return lines(job.id)

  async function* lines(jobId: string): AsyncGenerator<string, void, void> {
    yield BOM + csvLine(HEAD)
    let cursor: string | null = null
    do {
      const page = await replays.items(jobId, { states: [] }, { cursor, limit: ITEMS_PAGE })
      yield page.rows.map(lineOf).join('')
      cursor = page.nextCursor
    } while (cursor !== null)
  }
}

function lineOf(item: ReplayItem): string {
  return csvLine([
    item.n,
    item.eventId,
    item.eventName,
    item.orderRef,
    item.receivedAt.toISOString(),
    item.state,
    item.shadowOutcome,
    changesText(item.shadowChanges),
    item.applyOutcome,
    changesText(item.applyChanges),
    maskedOrNull(item.applyError ?? item.shadowError),
    item.at?.toISOString() ?? null,
  ])
}

function changesText(changes: readonly FieldChange[] | null): string | null {
  return changes?.map((change) => changeText(shownChange(change))).join('; ') ?? null
}

function changeText({ subject, field, before, after }: FieldChange): string {
  const name = `${subject} ${field}`
  return before === null && after === null ? `${name} changed` : `${name}: ${before ?? ''} -> ${after ?? ''}`
}
