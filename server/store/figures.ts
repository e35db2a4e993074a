/** Payments and refunds counted in slots. Triggers note every change and a job folds the notes in; see `figure.ts`. */
import { z } from 'zod'
import {
  figurePieces,
  figureSlotOf,
  FIGURE_DAY_MS,
  type FigurePiece,
  type FigureSpan,
} from '../domain/figure.ts'
import { PAYMENT_STATUSES } from '../domain/payment-status.ts'
import type { Sql } from './sql.ts'

/** From the beginning of one slot of 15 min to just before that of another. */
export type FigureRange = { from: Date; to: Date }

/** Orders by what became of them. Amounts are sums in minor units of `currency`. */
export type OrderFigure = {
  /** Gateway or method; empty when not known, or when figures are not told apart by it. */
  group: string
  currency: string
  outcome: (typeof PAYMENT_STATUSES)[number]
  count: number
  amountMinor: bigint
  chargedMinor: bigint
}

/** Refunds that succeeded. */
export type RefundFigure = { currency: string; count: number; amountMinor: bigint }

/** A slot whose figures were not what counting says. Counts and sums of amounts as they were and as they should be. */
export type FigureDifference = {
  kind: string
  spanSeconds: number
  slot: Date
  currency: string
  gateway: string
  methodType: string
  outcome: string
  shown: string
  held: { count: number; amountMinor: bigint }
  counted: { count: number; amountMinor: bigint }
}

/** A day of an account. */
export type AccountDay = { accountId: string; day: Date }

/** Where the standing check is. */
export type FigureCheck = { last: AccountDay | null; runs: number }

/** What the standing check has come to. */
export type FigureCheckState = {
  checkedAt: Date | null
  passEndedAt: Date | null
  difference: { day: Date; foundAt: Date; rows: number } | null
}

const sum = z.string().transform(BigInt)
const count = z.bigint().transform(Number)
const orderFigure = {
  currency: z.string(),
  outcome: z.enum(PAYMENT_STATUSES),
  count,
  amountMinor: sum,
  chargedMinor: sum,
}
const orderRow = z.object({ group: z.string(), ...orderFigure })
const refundRow = z.object({ currency: z.string(), count, amountMinor: sum })
const slotRow = z.object({ at: z.date(), ...orderFigure })
const refundSlotRow = z.object({ at: z.date(), currency: z.string(), count, amountMinor: sum })
const differenceRow = z.object({
  kind: z.string(),
  spanSeconds: z.number(),
  slot: z.date(),
  currency: z.string(),
  gateway: z.string(),
  methodType: z.string(),
  outcome: z.string(),
  shown: z.string(),
  heldCount: count,
  countedCount: count,
  heldMinor: sum,
  countedMinor: sum,
})
const checkRow = z.object({ accountId: z.string().nullable(), day: z.date().nullable(), runs: z.bigint() })
const stateRow = z.object({
  checkedAt: z.date().nullable(),
  passEndedAt: z.date().nullable(),
  day: z.date().nullable(),
  foundAt: z.date().nullable(),
  rows: z.number().nullable(),
})

const GROUP_COLUMNS = 'slot, currency, gateway, method_type, outcome, count, amount_minor, charged_minor'

/** A reading of slots as SQL: `$1` is the account. */
type Reading = { figures: string; values: unknown[] }

/**
 * Slots of one account and kind, with what is noted and not folded in. Each piece is a range of the primary key of its own:
 * joined to a list of pieces, the planner would read every slot the account ever had.
 */
function readingOf(
  accountId: string,
  kind: 'order' | 'refund',
  pieces: readonly FigurePiece[],
  range: FigureRange,
): Reading {
  const values: unknown[] = [accountId]
  const mark = (value: unknown): string => `$${values.push(value)}`
  const parts = pieces.map(
    ({ spanSeconds, from, to }) =>
      `select ${GROUP_COLUMNS} from figure_slot where merchant_account_id = $1 and kind = '${kind}'
         and span_seconds = ${spanSeconds} and slot >= ${mark(from)}::timestamptz and slot < ${mark(to)}::timestamptz`,
  )
  const noted = `select ${GROUP_COLUMNS} from figure_change where merchant_account_id = $1 and kind = '${kind}'
    and slot >= ${mark(range.from)}::timestamptz and slot < ${mark(range.to)}::timestamptz`
  return { figures: `(${[...parts, noted].join(' union all ')}) as figures`, values }
}

const ORDER_SUMS = `sum(count)::bigint as count, sum(amount_minor)::text as "amountMinor",
  sum(charged_minor)::text as "chargedMinor"`
const REFUND_SUMS = `sum(count)::bigint as count, sum(amount_minor)::text as "amountMinor"`
/** Groups of which nothing is left, since what is noted takes away what was folded in. */
const SOMETHING = 'having sum(count) <> 0 or sum(amount_minor) <> 0 or sum(charged_minor) <> 0'

const GROUPS = { none: `''`, gateway: 'gateway', method: 'method_type' } as const
export type FigureGroup = keyof typeof GROUPS

/** Figures of orders and refunds, and their upkeep. */
export function figureStore(sql: Sql) {
  return {
    /** Orders created in `range`, summed by outcome, and by gateway or method. */
    orders: (accountId: string, range: FigureRange, by: FigureGroup): Promise<OrderFigure[]> => {
      const { figures, values } = readingOf(accountId, 'order', figurePieces(range.from, range.to), range)
      return sql.rows(
        orderRow,
        `select ${GROUPS[by]} as "group", currency, outcome, ${ORDER_SUMS} from ${figures}
         group by 1, 2, 3 ${SOMETHING} order by 1, 2, 3`,
        values,
      )
    },

    /** Orders created in `range` by slot of `span`, which the ends of `range` are ends of; empty slots are left out. */
    orderSlots: (
      accountId: string,
      range: FigureRange,
      span: FigureSpan,
    ): Promise<(Omit<OrderFigure, 'group'> & { at: Date })[]> => {
      const { figures, values } = readingOf(accountId, 'order', [{ spanSeconds: span, ...range }], range)
      return sql.rows(
        slotRow,
        `select figure_slot_of(slot, ${span}) as at, currency, outcome, ${ORDER_SUMS} from ${figures}
         group by 1, 2, 3 ${SOMETHING} order by 1, 2, 3`,
        values,
      )
    },

    /** Refunds that succeeded in `range`. */
    refunds: (accountId: string, range: FigureRange): Promise<RefundFigure[]> => {
      const { figures, values } = readingOf(accountId, 'refund', figurePieces(range.from, range.to), range)
      return sql.rows(
        refundRow,
        `select currency, ${REFUND_SUMS} from ${figures} group by 1 having sum(count) <> 0 order by 1`,
        values,
      )
    },

    /** The same by slot. */
    refundSlots: (
      accountId: string,
      range: FigureRange,
      span: FigureSpan,
    ): Promise<(RefundFigure & { at: Date })[]> => {
      const { figures, values } = readingOf(accountId, 'refund', [{ spanSeconds: span, ...range }], range)
      return sql.rows(
        refundSlotRow,
        `select figure_slot_of(slot, ${span}) as at, currency, ${REFUND_SUMS} from ${figures}
         group by 1, 2 having sum(count) <> 0 order by 1, 2`,
        values,
      )
    },

    /** Folds at most `limit` notes into the slots. Returns how many; null when another process is at it. */
    async fold(limit: number): Promise<number | null> {
      const row = await sql.first(
        z.object({ folded: z.number().nullable() }),
        'select fold_figures($1) as folded',
        [limit],
      )
      return row?.folded ?? null
    },

    /** Counts one day of an account anew and puts its slots right. Returns those that were different. */
    async recount({ accountId, day }: AccountDay): Promise<FigureDifference[]> {
      const rows = await sql.rows(
        differenceRow,
        `select kind, span_seconds as "spanSeconds", slot, currency, gateway, method_type as "methodType", outcome, shown,
           held_count as "heldCount", counted_count as "countedCount", held_minor::text as "heldMinor",
           counted_minor::text as "countedMinor"
         from recount_figures($1, $2, $3) order by 1, 2 desc, 3, 4, 5, 6, 7, 8`,
        [accountId, day, new Date(day.getTime() + FIGURE_DAY_MS)],
      )
      return rows.map(({ heldCount, countedCount, heldMinor, countedMinor, ...row }) => ({
        ...row,
        held: { count: heldCount, amountMinor: heldMinor },
        counted: { count: countedCount, amountMinor: countedMinor },
      }))
    },

    ...figureChecks(sql),
  }
}

/** The place of the standing check and what it found. */
function figureChecks(sql: Sql) {
  return {
    /** Takes the check that is due; null when none is, or another process has taken it. */
    async takeCheck(now: Date, nextDueAt: Date): Promise<FigureCheck | null> {
      const row = await sql.first(
        checkRow,
        `update figure_check set due_at = $2, runs = runs + 1 where due_at <= $1
         returning merchant_account_id as "accountId", day, runs`,
        [now, nextDueAt],
      )
      if (row === null) return null
      const { accountId, day } = row
      return { last: accountId === null || day === null ? null : { accountId, day }, runs: Number(row.runs) }
    },

    /** The next day with anything to count or counted, in the order of accounts and days; null after the last one. */
    async nextDay(after: AccountDay | null): Promise<AccountDay | null> {
      const since = after === null ? null : new Date(after.day.getTime() + FIGURE_DAY_MS)
      const row = await sql.first(
        z.object({ accountId: z.string(), at: z.date() }),
        `select a.id as "accountId", least(made.at, back.at, orders.at, refunds.at) as at
         from merchant_account a
         cross join lateral (select case when a.id = $1 then $2 else '-infinity' end::timestamptz as since) as s
         left join lateral (select created_at as at from orders o where o.merchant_account_id = a.id
           and o.created_at >= s.since order by o.created_at limit 1) as made on true
         left join lateral (select coalesce(settled_at, created_at) as at from refund r
           where r.merchant_account_id = a.id and r.status = 'succeeded' and coalesce(settled_at, created_at) >= s.since
           order by 1 limit 1) as back on true
         left join lateral (select slot as at from figure_slot f where f.merchant_account_id = a.id
           and f.kind = 'order' and f.span_seconds = 900 and f.slot >= s.since order by 1 limit 1) as orders on true
         left join lateral (select slot as at from figure_slot f where f.merchant_account_id = a.id
           and f.kind = 'refund' and f.span_seconds = 900 and f.slot >= s.since order by 1 limit 1) as refunds on true
         where ($1::uuid is null or a.id >= $1)
           and coalesce(made.at, back.at, orders.at, refunds.at) is not null
         order by a.id limit 1`,
        [after?.accountId ?? null, since],
      )
      return row === null ? null : { accountId: row.accountId, day: figureSlotOf(row.at, 86_400) }
    },

    /** Notes a check; without `place` everything has been looked at once. */
    async saveCheck(place: AccountDay | null, now: Date, nextDueAt: Date): Promise<void> {
      await sql.run(
        `update figure_check set merchant_account_id = $1, day = $2, checked_at = $3, due_at = $4,
           pass_ended_at = case when $1::uuid is null then $3 else pass_ended_at end`,
        [place?.accountId ?? null, place?.day ?? null, now, nextDueAt],
      )
    },

    /** Keeps that a day was put right. */
    async addDifference({ accountId, day }: AccountDay, foundAt: Date, rows: number): Promise<void> {
      await sql.run(
        `insert into figure_difference (merchant_account_id, day, found_at, rows) values ($1, $2, $3, $4)
         on conflict (merchant_account_id, found_at, day) do update set rows = excluded.rows`,
        [accountId, day, foundAt, rows],
      )
    },

    /** Whether figures are what a recount says, with the newest difference of the account. */
    async checkState(accountId: string): Promise<FigureCheckState> {
      const row = await sql.first(
        stateRow,
        `select c.checked_at as "checkedAt", c.pass_ended_at as "passEndedAt", d.day, d.found_at as "foundAt", d.rows
         from figure_check c left join lateral (
           select * from figure_difference where merchant_account_id = $1 order by found_at desc limit 1
         ) as d on true`,
        [accountId],
      )
      const { checkedAt = null, passEndedAt = null, day = null, foundAt = null, rows = null } = row ?? {}
      const difference = day && foundAt && rows !== null ? { day, foundAt, rows } : null
      return { checkedAt, passEndedAt, difference }
    },
  }
}
