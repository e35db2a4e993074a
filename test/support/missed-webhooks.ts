/**
 * A shop whose webhooks go missing: orders with a known fate at Juspay, a post that loses, delays and spoils what it
 * carries, and a clock that is driven through the ladder of status checks. The judge compares with Juspay's own books.
 */
import { drainEvents } from '../../server/jobs/process-events.ts'
import { noteLateEvents } from '../../server/services/orders/note-late-events.ts'
import { sweepOrders } from '../../server/services/orders/sweep-orders.ts'
import type { GapListRow } from '../../server/store/webhook-gaps.ts'
import { createAccount, orderBody, webhookBody } from './factories.ts'
import { buildDeps, deliver, fakeJuspay, openDatabase, type TestDeps } from './harness.ts'
import { seededRandom } from './scenario.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const START = Date.parse('2026-11-20T06:00:00.000Z')

/** Orders come in over this long; then everything has half an hour to end. */
const SHOPPING_MS = 10 * MINUTE
const AFTERWARDS_MS = 26 * MINUTE
const STEP_MS = 5 * SECOND
const LATER_STEP_MS = 30 * SECOND
/** Juspay's status answers are this far behind its webhooks (API reference §6.5). */
const LAG_MS = 2 * SECOND
/** Open orders are right again this soon after Juspay decided (W24). */
const HEALED_WITHIN_MS = 15 * MINUTE

const OUTCOMES = ['CHARGED', 'CHARGED', 'CHARGED', 'AUTHENTICATION_FAILED', 'AUTHORIZED', 'VOIDED'] as const
const KIND_OF = {
  CHARGED: 'charged',
  AUTHENTICATION_FAILED: 'failed',
  AUTHORIZED: 'authorised',
  VOIDED: 'voided',
}

/** What the post does with the webhook of an outcome. */
type Post = 'delivered' | 'overtaken' | 'lost' | 'late' | 'spoilt'

type Fate = {
  ref: string
  createdAt: number
  /** Null: the gateway never decides. */
  outcome: (typeof OUTCOMES)[number] | null
  decidedAt: number
  post: Post
}

/** Every fifth webhook is never delivered; some others come late, or come and cannot be applied. */
function fates(count: number, random: () => number): Fate[] {
  return Array.from({ length: count }, (_, index) => {
    const createdAt = START + Math.floor((SHOPPING_MS * index) / count)
    const undecided = random() < 0.05
    const outcome = undecided ? null : (OUTCOMES[Math.floor(random() * OUTCOMES.length)] ?? 'CHARGED')
    const decidedAt = createdAt + Math.floor(SECOND * (5 + random() * 240))
    const dice = random()
    const post: Post =
      dice < 0.2
        ? 'lost'
        : dice < 0.25
          ? 'late'
          : dice < 0.3
            ? 'spoilt'
            : dice < 0.45
              ? 'overtaken'
              : 'delivered'
    return { ref: `M${index}`, createdAt, outcome, decidedAt, post }
  })
}

const DELAY_MS: Readonly<Record<Exclude<Post, 'lost'>, number>> = {
  delivered: SECOND,
  // Long enough for a check to be faster, short enough to be no gap.
  overtaken: 40 * SECOND,
  late: 12 * MINUTE,
  spoilt: SECOND,
}

type Letter = { at: number; fate: Fate; status: string; spoilt: boolean }

function letters(all: readonly Fate[]): Letter[] {
  const opening = all.map((fate): Letter => ({
    at: fate.createdAt,
    fate,
    status: 'PENDING_VBV',
    spoilt: false,
  }))
  const ending = all.flatMap((fate): Letter[] => {
    if (fate.outcome === null || fate.post === 'lost') return []
    const at = fate.decidedAt + DELAY_MS[fate.post]
    return [{ at, fate, status: fate.outcome, spoilt: fate.post === 'spoilt' }]
  })
  return [...opening, ...ending].toSorted((a, b) => a.at - b.at)
}

function bodyOf({ ref, createdAt, decidedAt }: Fate, status: string): Record<string, unknown> {
  const at = new Date(status === 'PENDING_VBV' ? createdAt : decidedAt).toISOString()
  const created = new Date(createdAt).toISOString()
  return orderBody({
    orderId: ref,
    status,
    amount: 99,
    at,
    created,
    attempt: { txnId: `m-${ref}-1`, status, created },
  })
}

/** Juspay's books: the order as its status API shows it at `now`. */
function booksOf(fate: Fate, now: number): string {
  return fate.outcome !== null && fate.decidedAt + LAG_MS <= now ? fate.outcome : 'PENDING_VBV'
}

export type MissedReport = {
  /** What should not be; empty when every promise was kept. */
  violations: string[]
  /** Webhooks that were lost, late or spoilt. */
  missed: number
  /** Events that a check only overtook. */
  overtaken: number
  gaps: Record<string, number>
  slowestHealMs: number
  asked: number
}

/** Lets `orders` orders live and judges what became of them. `sweep: false` is the broken control. */
export async function missWebhooks(options: {
  orders: number
  seed: number
  sweep: boolean
}): Promise<MissedReport> {
  const opened = await openDatabase()
  try {
    const all = fates(options.orders, seededRandom(options.seed))
    const byRef = new Map(all.map((fate) => [fate.ref, fate]))
    const juspay = fakeJuspay((ref) => {
      const fate = byRef.get(ref)
      return fate === undefined ? 'not_found' : bodyOf(fate, booksOf(fate, deps.clock.now().getTime()))
    })
    const deps = buildDeps({ database: opened.database, juspay })
    deps.clock.set(new Date(START))
    const { id: accountId } = await createAccount(opened.database)
    const healed = await live(deps, { accountId, all, sweep: options.sweep })
    return await judge(deps, { accountId, all, healed, asked: juspay.asked.length })
  } finally {
    await opened.close()
  }
}

type World = { accountId: string; all: readonly Fate[]; sweep: boolean }

/** Drives the clock to the end. Returns how long after Juspay's decision each order was right. */
async function live(deps: TestDeps, { accountId, all, sweep }: World): Promise<Map<string, number>> {
  const post = letters(all)
  const healed = new Map<string, number>()
  const end = START + SHOPPING_MS + AFTERWARDS_MS
  for (let now = START; now <= end; now += now < START + SHOPPING_MS + 5 * MINUTE ? STEP_MS : LATER_STEP_MS) {
    deps.clock.set(new Date(now))
    while (post[0] !== undefined && post[0].at <= now) {
      const letter = post.shift()
      if (letter !== undefined) await send(deps, accountId, letter)
    }
    await drainEvents(deps)
    if (sweep) await sweepOrders(deps)
    await noteLateEvents(deps, new AbortController().signal)
    const { rows } = await deps.database.pool.query<{ order_ref: string; provider_status: string }>(
      `select order_ref, provider_status from orders where merchant_account_id = $1 and changed_at = $2`,
      [accountId, new Date(now)],
    )
    for (const row of rows) {
      const fate = all.find(({ ref }) => ref === row.order_ref)
      if (fate?.outcome === row.provider_status) healed.set(fate.ref, now - fate.decidedAt)
    }
  }
  return healed
}

async function send(deps: TestDeps, accountId: string, { fate, status, spoilt }: Letter): Promise<void> {
  const order = bodyOf(fate, status)
  const at = String(order['last_updated'])
  const id = `evt_${fate.ref}_${status}`
  const eventId = await deliver(deps, accountId, webhookBody({ id, name: 'ORDER_UPDATED', at, order }))
  // An event that was tried as often as we try, and given up.
  if (spoilt)
    await deps.database.pool.query(
      "update webhook_event set status = 'dead', outcome = 'error', next_try_at = null where id = $1",
      [eventId],
    )
}

type Evidence = { accountId: string; all: readonly Fate[]; healed: Map<string, number>; asked: number }

async function judge(deps: TestDeps, { accountId, all, healed, asked }: Evidence): Promise<MissedReport> {
  const violations: string[] = []
  const gaps = await allGaps(deps, accountId)
  const missed = all.filter(
    ({ outcome, post }) => outcome !== null && ['lost', 'late', 'spoilt'].includes(post),
  )
  for (const fate of all) {
    const order = await deps.store.orders.byRef(accountId, fate.ref)
    const books = fate.outcome ?? 'PENDING_VBV'
    if (order?.providerStatus !== books)
      violations.push(`${fate.ref}: we hold ${order?.providerStatus ?? 'nothing'}, Juspay ${books}`)
    if (order !== null && order.unconfirmedSince !== null)
      violations.push(`${fate.ref}: money was never confirmed`)
    const late = healed.get(fate.ref)
    if (fate.outcome !== null && (late === undefined || late > HEALED_WITHIN_MS))
      violations.push(`${fate.ref}: not right within 15 minutes`)
    const found = gaps
      .filter(({ orderRef }) => orderRef === fate.ref)
      .map(({ kind, cause, arrivedAt }) => `${kind} ${cause}${arrivedAt === null ? '' : ' arrived'}`)
    const wanted = expectedGaps(fate)
    if (found.join() !== wanted.join())
      violations.push(`${fate.ref} (${fate.post}): gaps [${found.join()}], wanted [${wanted.join()}]`)
  }
  const counts: Record<string, number> = {}
  for (const { cause } of gaps) counts[cause] = (counts[cause] ?? 0) + 1
  return {
    violations,
    missed: missed.length,
    overtaken: all.filter(({ outcome, post }) => outcome !== null && post === 'overtaken').length,
    gaps: counts,
    slowestHealMs: Math.max(0, ...healed.values()),
    asked,
  }
}

/** Exactly the gaps that the post's misdeeds should leave behind, and none for anything else. */
function expectedGaps({ outcome, post }: Fate): string[] {
  if (outcome === null) return ['outcome gateway_pending']
  switch (post) {
    case 'lost':
      return [`${KIND_OF[outcome]} juspay_late`]
    case 'late':
      return [`${KIND_OF[outcome]} juspay_late arrived`]
    case 'spoilt':
      return [`${KIND_OF[outcome]} we_failed arrived`]
    case 'delivered':
    case 'overtaken':
      return []
  }
}

async function allGaps(deps: TestDeps, accountId: string): Promise<GapListRow[]> {
  const rows: GapListRow[] = []
  const filter = { causes: [], healed: null, dueBefore: deps.clock.now() }
  let cursor: string | null = null
  do {
    const page = await deps.store.webhookGaps.list(accountId, filter, { cursor, limit: 100 })
    rows.push(...page.rows)
    cursor = page.nextCursor
  } while (cursor !== null)
  return rows
}
