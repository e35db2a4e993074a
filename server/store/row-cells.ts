import type pg from 'pg'

/** A row as whoever parses it reads it: each column under its name. */
export type Row = Readonly<Record<string, unknown>>

type RowKind = new (cells: readonly unknown[]) => Row

/** Statements are some hundreds and their columns are written in the code, so these stay few. */
const kinds = new Map<string, RowKind>()

/**
 * The rows of a result that came as arrays. The driver's own objects are built by one piece of code for all statements,
 * which the engine then cannot make fast: that alone took a tenth of what a page of orders costs. Here a row keeps its
 * cells as they came, and each list of columns has a kind of row of its own with a getter for each.
 */
export function rowsOf({ fields, rows }: pg.QueryArrayResult<unknown[]>): Row[] {
  const key = fields.map(({ name }) => name).join()
  let kind = kinds.get(key)
  if (kind === undefined) kinds.set(key, (kind = kindOf(fields.map(({ name }) => name))))
  const Kind = kind
  return rows.map((cells) => new Kind(cells))
}

/** Rows with these columns; of two with one name the later counts, as with the driver. */
function kindOf(columns: readonly string[]): RowKind {
  class Cells {
    [column: string]: unknown
    readonly #cells: readonly unknown[]

    constructor(cells: readonly unknown[]) {
      this.#cells = cells
    }

    static {
      for (const [at, name] of columns.entries())
        Object.defineProperty(Cells.prototype, name, {
          get(this: Cells) {
            return this.#cells[at]
          },
          configurable: true,
          enumerable: true,
        })
    }
  }
  return Cells
}
