import type pg from 'pg'
import type { z } from 'zod'
import { rowsOf } from './row-cells.ts'

/** A statement that each connection parses and plans once, under its name: for those that run all day. */
export type Prepared = { name: string; text: string }

/** SQL text, or a prepared statement. */
export type Statement = string | Prepared

/**
 * Parametrised SQL with rows checked on the way out. Transactions with locks and all hot reads go through here;
 * Prisma keeps the schema, the migrations and the auth library's tables.
 */
export type Sql = {
  /** All rows, each parsed by `shape`. */
  rows<T>(shape: z.ZodType<T>, statement: Statement, values?: readonly unknown[]): Promise<T[]>
  /** The first row, or null. */
  first<T>(shape: z.ZodType<T>, statement: Statement, values?: readonly unknown[]): Promise<T | null>
  /** Runs a statement; returns how many rows it touched. */
  run(statement: Statement, values?: readonly unknown[]): Promise<number>
}

/** Sends one statement with its values; its rows come back as arrays. */
export type Send = (statement: pg.QueryArrayConfig) => Promise<pg.QueryArrayResult<unknown[]>>

/** Wraps what sends statements: a pool, or one connection of it. */
export function sqlOf(send: Send): Sql {
  const query = (statement: Statement, values: readonly unknown[]) =>
    send({
      ...(typeof statement === 'string' ? { text: statement } : statement),
      values: [...values],
      rowMode: 'array',
    })
  const rows = async <T>(
    shape: z.ZodType<T>,
    statement: Statement,
    values: readonly unknown[] = [],
  ): Promise<T[]> => {
    const result = await query(statement, values)
    return rowsOf(result).map((row) => shape.parse(row))
  }
  return {
    rows,
    first: async (shape, statement, values) => (await rows(shape, statement, values))[0] ?? null,
    run: async (statement, values = []) => (await query(statement, values)).rowCount ?? 0,
  }
}
