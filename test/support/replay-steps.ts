import { randomUUID } from 'node:crypto'
import type { StaffActor } from '../../server/domain/actor.ts'
import type { ReplayFilter, ReplayScope } from '../../server/domain/replay.ts'
import { drainReplays } from '../../server/jobs/run-replays.ts'
import { applyReplay } from '../../server/services/webhooks/replay-control.ts'
import { createReplay } from '../../server/services/webhooks/replay-create.ts'
import type { ReplayItem } from '../../server/store/replay-items.ts'
import type { ReplayJob } from '../../server/store/replay-jobs.ts'
import type { TestDeps } from './harness.ts'
import { orderBody, webhookBody } from './factories.ts'

/** Everything that needs a look, narrowed by `more`. */
export function filterScope(more: Partial<ReplayFilter> = {}): ReplayScope {
  return {
    kind: 'filter',
    among: 'open',
    reasons: [],
    statuses: [],
    outcomes: [],
    names: [],
    orderRef: null,
    from: null,
    to: null,
    ...more,
  }
}

/** What the tests of replay do over and over. */
export function replaySteps(open: () => { deps: TestDeps; actor: StaffActor }) {
  const make = (scope: ReplayScope, requestKey: string = randomUUID()): Promise<ReplayJob> =>
    createReplay(open().deps, open().actor, { scope, reason: null, requestKey })

  const job = async (id: string): Promise<ReplayJob> => {
    const found = await open().deps.store.replays.byId(open().actor.accountId, id)
    if (found === null) throw new Error('the job exists')
    return found
  }

  const items = async (id: string): Promise<ReplayItem[]> =>
    (await open().deps.store.replays.items(id, { states: [] }, { cursor: null, limit: 10_000 })).rows

  return {
    make,
    job,
    items,
    /** Makes a job and runs its shadow. */
    shadow: async (scope: ReplayScope): Promise<ReplayJob> => {
      const made = await make(scope)
      await drainReplays(open().deps)
      return job(made.id)
    },
    /** Applies a job to its end. */
    apply: async (id: string, again: string | null = null): Promise<ReplayJob> => {
      await applyReplay(open().deps, open().actor, { jobId: id, again })
      await drainReplays(open().deps)
      return job(id)
    },
  }
}

/** A webhook that says an order of ₹250.00 was charged. */
export function chargedEvent(
  orderId: string,
  id = `evt_${orderId}`,
  extra: Record<string, unknown> = {},
): Buffer {
  const at = '2026-11-20T06:05:00Z'
  const attempt = { txnId: `m-${orderId}-1`, status: 'CHARGED' }
  return webhookBody({
    id,
    name: 'ORDER_SUCCEEDED',
    at,
    order: orderBody({ orderId, status: 'CHARGED', amount: 250, at, attempt, extra }),
  })
}

/** Makes writing certain orders fail inside the database, whoever writes them; answers the cure. */
export async function poison(pool: TestDeps['database']['pool'], like: string): Promise<() => Promise<void>> {
  await pool.query(`
    create function refuse_poison() returns trigger language plpgsql as $$
    begin if new.order_ref like '${like}' then raise exception 'poisoned'; end if; return new; end $$;
    create trigger poison before insert or update on orders for each row execute function refuse_poison()`)
  return async () => {
    await pool.query('drop trigger poison on orders; drop function refuse_poison')
  }
}
