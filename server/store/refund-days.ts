import { z } from 'zod'
import type { Sql } from './sql.ts'

/** What was asked for and first sent on one day, in minor units, by one person and by everybody of the account. */
export type RefundDay = {
  person: { askedMinor: bigint; sentMinor: bigint }
  account: { askedMinor: bigint; sentMinor: bigint }
}

const totalRow = z.object({ person: z.string(), askedMinor: z.bigint(), sentMinor: z.bigint() })

/** The person of the account's own row. It sorts before everybody, so that it is locked first. */
const ACCOUNT = '00000000-0000-0000-0000-000000000000'
const NOTHING = { askedMinor: 0n, sentMinor: 0n }

const TOTALS = `select person, asked_minor as "askedMinor", sent_minor as "sentMinor" from refund_day_total
  where merchant_account_id = $1 and day = $2::date and person = any($3::uuid[])`

type Key = { accountId: string; personId: string; day: string }

/** Totals of days, against which limits are checked. Triggers keep them equal to the sums of requests and refunds. */
export function refundDayStore(sql: Sql) {
  const read = async ({ accountId, personId, day }: Key, lock: string): Promise<RefundDay> => {
    const rows = await sql.rows(totalRow, `${TOTALS} ${lock}`, [accountId, day, [ACCOUNT, personId]])
    const of = (person: string) => rows.find((row) => row.person === person) ?? NOTHING
    return { person: of(personId), account: of(ACCOUNT) }
  }
  return {
    totals: (key: Key): Promise<RefundDay> => read(key, ''),

    /**
     * The totals under a lock until the end of the transaction: two requests never both fit into what is left. Taken
     * after the order's lock, by transactions that hold no more than one order; otherwise they could wait in a circle.
     */
    async lock(key: Key): Promise<RefundDay> {
      await sql.run(
        `insert into refund_day_total (merchant_account_id, day, person)
         select $1, $2::date, person from unnest($3::uuid[]) as person order by person on conflict do nothing`,
        [key.accountId, key.day, [ACCOUNT, key.personId]],
      )
      return read(key, 'order by person for update')
    },
  }
}
