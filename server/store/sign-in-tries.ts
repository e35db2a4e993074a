import { z } from 'zod'
import type { Sql } from './sql.ts'

/** Tries since `since` of this address from this machine, of this address, of this machine; the new one among them. */
export type CountedTry = { id: bigint; pair: number; address: number; machine: number }

/** Counting stops here: no limit is higher. */
const COUNT_MAX = 200
/** Old tries go this many at a time, with the next one that comes. */
const CLEAN_UP_MAX = 50

const number = z.bigint().transform(Number)
const countsRow = z.object({ pair: number, address: number, machine: number })

/** The tries to prove who one is that failed, or whose outcome is not known yet. */
export function signInTryStore(sql: Sql) {
  const among = (condition: string) =>
    `(select count(*) from (select from sign_in_try where ${condition} and at > $3 limit ${COUNT_MAX}) one)`
  return {
    /**
     * Writes a try down and then counts: whatever runs at the same moment, the n-th try sees at least n. Outside a
     * transaction, so that the others see it at once.
     */
    async begin(input: { email: string; ip: string | null; at: Date; since: Date }): Promise<CountedTry> {
      const { email, ip, at, since } = input
      const made = await sql.first(
        z.object({ id: z.bigint() }),
        `insert into sign_in_try (email, ip, at) values ($1, $2, $3) returning id`,
        [email, ip, at],
      )
      if (made === null) throw new Error('a sign-in try was not written')
      const counts = await sql.first(
        countsRow,
        `select ${among('email = $1 and ip is not distinct from $2')} as pair, ${among('email = $1')} as address,
           ${among('ip is not distinct from $2')} as machine`,
        [email, ip, since],
      )
      if (counts === null) throw new Error('sign-in tries could not be counted')
      return { id: made.id, ...counts }
    },

    /** Takes a try back: it was right, or it was not let through. */
    async forget(id: bigint): Promise<void> {
      await sql.run('delete from sign_in_try where id = $1', [id])
    },

    /** Deletes some tries that count for nothing any more. */
    async cleanUp(before: Date): Promise<void> {
      await sql.run(
        `delete from sign_in_try where id in (select id from sign_in_try where at < $1 order by at limit ${CLEAN_UP_MAX})`,
        [before],
      )
    },
  }
}
