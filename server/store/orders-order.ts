/** The orders of an orders list and the positions in them. Paging is by keys, never by offset: a new row moves nothing. */
import { z } from 'zod'
import type { OrderSort } from '../domain/order-columns.ts'
import { cursorText, readCursor } from './page.ts'
import type { Where } from './orders-where.ts'

/** What a row is ordered by. */
export type OrderKeys = { id: string; createdAt: Date; amountMinor: bigint; changedAt: Date }

/** Where a page begins and which way it goes; a row at the position is on neither page. */
export type OrderPosition = { keys: OrderKeys; back: boolean }

type Part = { column: string; descending: boolean; cast: string; value: (keys: OrderKeys) => string }

const byCreated = (descending: boolean): Part => ({
  column: 'created_at',
  descending,
  cast: 'timestamptz',
  value: (keys) => keys.createdAt.toISOString(),
})

/**
 * The first column of each sort. Ties go by creation and id; the index over amounts is (amount, created desc, id desc),
 * which read backwards gives the other direction.
 */
const SORTS: Readonly<
  Record<OrderSort, { lead: Part; tie: { column: string; descending: boolean } | null }>
> = {
  created: { lead: byCreated(false), tie: null },
  '-created': { lead: byCreated(true), tie: null },
  updated: { lead: byChanged(false), tie: null },
  '-updated': { lead: byChanged(true), tie: null },
  amount: { lead: byAmount(false), tie: { column: 'created_at', descending: true } },
  '-amount': { lead: byAmount(true), tie: { column: 'created_at', descending: false } },
}

function byChanged(descending: boolean): Part {
  return {
    column: 'changed_at',
    descending,
    cast: 'timestamptz',
    value: (keys) => keys.changedAt.toISOString(),
  }
}

function byAmount(descending: boolean): Part {
  return {
    column: 'amount_minor',
    descending,
    cast: 'bigint',
    value: (keys) => keys.amountMinor.toString(),
  }
}

/** `order by` of a page; `back` reads the same order from the other end. */
export function orderBy(sort: OrderSort, back: boolean): string {
  const { lead, tie } = SORTS[sort]
  const way = (descending: boolean): string => (descending === back ? '' : ' desc')
  const last = tie ?? lead
  return [
    `${lead.column}${way(lead.descending)}`,
    ...(tie ? [`${tie.column}${way(tie.descending)}`] : []),
    `id${way(last.descending)}`,
  ].join(', ')
}

/** Narrows to the rows behind a position, or in front of it when the page goes back. */
export function addPosition(where: Where, sort: OrderSort, position: OrderPosition): void {
  const { lead, tie } = SORTS[sort]
  const { keys, back } = position
  const mark = (value: unknown, cast: string): string => `$${where.values.push(value)}::${cast}`
  const after = (descending: boolean): string => (descending === back ? '>' : '<')
  const first = mark(lead.value(keys), lead.cast)
  const id = mark(keys.id, 'uuid')
  if (tie === null) {
    where.text += ` and (${lead.column}, id) ${after(lead.descending)} (${first}, ${id})`
    return
  }
  const created = mark(keys.createdAt.toISOString(), 'timestamptz')
  const way = after(lead.descending)
  where.text += ` and ${lead.column} ${way}= ${first} and (${lead.column} ${way} ${first}
    or (${tie.column}, id) ${after(tie.descending)} (${created}, ${id}))`
}

const cursorShape = z.tuple([
  z.enum(['next', 'previous']),
  z.string().regex(/^\d{1,18}$/),
  z.iso.datetime(),
  z.iso.datetime(),
  z.uuid(),
])

/** A position as opaque text. */
export function positionText({ keys, back }: OrderPosition): string {
  return cursorText([
    back ? 'previous' : 'next',
    keys.amountMinor.toString(),
    keys.createdAt.toISOString(),
    keys.changedAt.toISOString(),
    keys.id,
  ])
}

/** The position of a text that {@link positionText} made; null for every other, which begins at the top. */
export function readPosition(cursor: string | null): OrderPosition | null {
  const read = readCursor(cursor, cursorShape)
  if (read === null) return null
  const [way, amount, createdAt, changedAt, id] = read
  const keys = {
    id,
    amountMinor: BigInt(amount),
    createdAt: new Date(createdAt),
    changedAt: new Date(changedAt),
  }
  return { keys, back: way === 'previous' }
}
