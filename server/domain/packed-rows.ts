/**
 * How a list of records travels: their keys once, their values line by line, and of each column what JSON does not know
 * about it. As objects with a note of type beside each instant and each amount, a page of orders is three times as long
 * and takes both sides as much longer.
 */

/** Instants as milliseconds since 1970, whole numbers of any size as text; the rest is as it stands. */
export type CellType = 'plain' | 'Date' | 'bigint'

export type PackedRows = {
  keys: readonly string[]
  /** By column; null stays null in each of them. */
  types: readonly CellType[]
  /** Values by row and column. */
  rows: readonly (readonly unknown[])[]
}

type Unpacked = Record<string, unknown>[]

/** The name under which superjson knows them; a receiver registers {@link packedRowsReader} under it. */
export const PACKED_ROWS = 'rows'
/** Fewer are as short one by one. */
export const PACKED_ROWS_MIN = 4

/** How superjson reads them. It never writes them: nothing that it is asked to write is packed. */
export const packedRowsReader = {
  isApplicable: (_value: unknown): _value is Unpacked => false,
  serialize: (): never => {
    throw new Error('superjson does not pack rows')
  },
  deserialize: unpackRows,
}

/** The records that were packed, each with its keys in the order they had. */
function unpackRows({ keys, types, rows }: PackedRows): Unpacked {
  return rows.map((cells) => {
    const row: Record<string, unknown> = {}
    // By place and not by pair: this runs for every cell of every page.
    for (let at = 0; at < keys.length; at += 1) row[keys[at] ?? ''] = valueOf(cells[at], types[at])
    return row
  })
}

function valueOf(cell: unknown, type: CellType | undefined): unknown {
  if (type === 'Date' && typeof cell === 'number') return new Date(cell)
  if (type === 'bigint' && typeof cell === 'string') return BigInt(cell)
  return cell
}
