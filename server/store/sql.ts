import type pg from 'pg'
import type { z } from 'zod'

/**
 * Parametrised SQL with rows checked on the way out. Transactions with locks and all hot reads go through here;
 * Prisma keeps the schema, the migrations and the auth library's tables.
 */
export type Sql = {
  /** All rows, each parsed by `shape`. */
  rows<T>(shape: z.ZodType<T>, text: string, values?: readonly unknown[]): Promise<T[]>
  /** The first row, or null. */
  first<T>(shape: z.ZodType<T>, text: string, values?: readonly unknown[]): Promise<T | null>
  /** The same for a hot statement: `name` lets each connection parse and plan it once. One name, one text. */
  prepared<T>(name: string, shape: z.ZodType<T>, text: string, values: readonly unknown[]): Promise<T[]>
  /** Runs a statement; returns how many rows it touched. */
  run(text: string, values?: readonly unknown[]): Promise<number>
}

type Client = Pick<pg.Pool | pg.PoolClient, 'query'>

/** Wraps a pool or one connection of it. */
export function sqlOf(client: Client): Sql {
  const rows = async <T>(
    shape: z.ZodType<T>,
    text: string,
    values: readonly unknown[] = [],
  ): Promise<T[]> => {
    const result = await client.query(text, [...values])
    return result.rows.map((row: unknown) => shape.parse(row))
  }
  return {
    rows,
    prepared: async (name, shape, text, values) => {
      const result = await client.query({ name, text, values: [...values] })
      return result.rows.map((row: unknown) => shape.parse(row))
    },
    first: async (shape, text, values) => (await rows(shape, text, values))[0] ?? null,
    run: async (text, values = []) => (await client.query(text, [...values])).rowCount ?? 0,
  }
}
