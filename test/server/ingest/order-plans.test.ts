/** Every filter and sort of the orders list has an index, and PostgreSQL takes it. */
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ORDER_SORTS, type OrderSort } from '../../../server/domain/order-columns.ts'
import { UNKNOWN_CHARGES_QUERY } from '../../../server/domain/unknown-amount.ts'
import { orderSearch } from '../../../server/store/orders-search.ts'
import type { OrderFilter } from '../../../server/store/orders-where.ts'
import { sqlOf } from '../../../server/store/sql.ts'
import { filterOf, openManyOrders, type ManyOrders } from '../../support/many-orders.ts'

let opened: ManyOrders['opened']
let account: ManyOrders['account']

beforeAll(async () => {
  ;({ opened, account } = await openManyOrders())
  const { pool } = opened.database
  await pool.query(
    `update orders set error_code = '51', error_message = 'Insufficient funds' where amount_minor % 300 = 0`,
  )
  await pool.query(
    `update orders set charged_minor = amount_minor, refunded_minor = amount_minor where amount_minor % 300 = 0`,
  )
  await pool.query(
    `update orders set customer_name = substr(order_ref, 5) || 'सीता', search_text = search_text || ' ' || substr(order_ref, 5) || 'सीता'
     where amount_minor % 900 = 0`,
  )
  await pool.query('update orders set attempt_count = 1 where amount_minor % 700 <> 0')
  await pool.query('vacuum analyze orders')
}, 60_000)
afterAll(() => opened.close())

/** The last statement that `ask` sends, explained. */
async function lastPlan(ask: (search: ReturnType<typeof orderSearch>) => Promise<unknown>): Promise<string> {
  const sent: { text: string; values: unknown[] }[] = []
  const { pool } = opened.database
  const recording = (statement: pg.QueryConfig) => {
    sent.push({ text: statement.text, values: statement.values ?? [] })
    return pool.query(statement)
  }
  await ask(orderSearch(sqlOf(recording)))
  const last = sent.at(-1)
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain ${last?.text}`, last?.values)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

/** The statement a list sends, explained. */
function planOf(filter: OrderFilter, sort: OrderSort): Promise<string> {
  return lastPlan(async (search) => {
    const first = await search.list(account.id, filterOf(''), { sort: '-created', cursor: null, limit: 5 })
    const cursor = first.nextCursor
    await search.list(account.id, filter, { sort, cursor, limit: 50 })
  })
}

test.each([
  ['newest first', '', '-created', 'created_at_id_idx'],
  ['oldest first', '', 'created', 'created_at_id_idx'],
  ['by amount', '', 'amount', 'amount_minor_created_at_id_idx'],
  ['by amount, largest first', '', '-amount', 'amount_minor_created_at_id_idx'],
  ['changed last', '', '-updated', 'changed_at_id_idx'],
  ['of a rare status', 'status:disputed', '-created', 'display_status_created_at_id_idx'],
  ['of a rare gateway', 'gateway:rare', '-created', 'gateway_created_at_id_idx'],
  ['containing a text', 'asha4567@', '-created', 'orders_search_idx'],
  ['containing a long reference', 'juspay-od2cm0cv07p2', '-created', 'orders_search_idx'],
  ['containing a name', '"asha sharma"', '-created', 'orders_search_idx'],
  ['of an e-mail', 'email:asha4567@', '-created', 'orders_contact_idx'],
  ['of a phone', 'phone:9800000042', '-created', 'orders_contact_idx'],
  ['of the end of a phone', 'phone:00042', '-created', 'orders_phone_end_idx'],
  ['of the end of a phone or another', 'phone:00042,9800000043', '-created', 'orders_phone_end_idx'],
  ['of a name', 'name:nina4567', '-created', 'orders_search_idx'],
  ['of a name in another script', 'name:4509सीता', '-created', 'orders_script_idx'],
  ['containing a text in another script', '4509सीता', '-created', 'orders_script_idx'],
  ['of a customer', 'customer:cust_456', '-created', 'orders_customer_idx'],
  ['of the beginning of a customer ID', 'customer:cust_4567*', '-created', 'orders_search_idx'],
  ['of a reference', 'ref:juspay-4567', '-created', 'orders_provider_ref_idx'],
  ['of a reference of an attempt', 'ref:juspay-4567', '-created', 'transaction_rrn_idx'],
  ['of an attempt', 'txn:ord-4567-1', '-created', 'transaction_ref_idx'],
  ['of a refund', 'refund:rf4567', '-created', 'refund_'],
  ['of an order', 'order:ord-4567', '-created', 'order_ref_key'],
  ['of the beginning of an ID', 'order:ord-4567*', '-created', 'order_ref_key_key'],
  ['of a card', 'last4:4242', '-created', 'orders_last4_idx'],
  ['of a UPI address', 'vpa:asha4567@okhdfc', '-created', 'orders_contact_idx'],
  ['with a rare outcome', 'pay:unknown', '-created', 'orders_rare_payment_idx'],
  ['with one of some rare outcomes', 'pay:voided,unknown', '-created', 'orders_rare_payment_idx'],
  ['with a rare code', 'code:FOO', '-created', 'orders_rare_code_idx'],
  ['in a rare currency', 'currency:USD', '-created', 'orders_rare_currency_idx'],
  ['with another outcome than the usual ones', '-pay:charged,failed', '-created', 'orders_rare_payment_idx'],
  ['in another currency than the usual one', '-currency:INR', '-created', 'orders_rare_currency_idx'],
  ['of any bank', 'bank:any', '-created', 'method_type_created_at_id_idx'],
  ['with any error', 'error:any', '-created', 'orders_error_idx'],
  ['without an error', 'error:none', '-created', 'created_at_id_idx'],
  ['without an own field', 'udf1:none', '-created', 'created_at_id_idx'],
  ['of no bank', 'bank:none', '-created', 'created_at_id_idx'],
  ['without an e-mail', 'email:none', '-created', 'orders_no_email_idx'],
  ['without a phone', 'phone:none', '-created', 'orders_no_phone_idx'],
  ['without a name', 'name:none', '-created', 'orders_no_name_idx'],
  ['without a customer', 'customer:none', '-created', 'orders_no_customer_idx'],
  ['of many attempts', 'attempts:>7', '-created', 'orders_many_attempts_idx'],
  ['much of which went back', 'refunded:>100000', '-created', 'orders_refunded_idx'],
  ['of which anything went back', 'refunded:>0', '-created', 'orders_returned_idx'],
  ['of which much is left', 'refundable:>100000', '-created', 'orders_refundable_idx'],
  ['of which something is left, by amount', 'refundable:>20', 'amount', 'orders_beyond_amount_idx'],
  ['with a part of an own field', 'udf2:till-4567', '-created', 'orders_udf_idx'],
  ['charged on a day', 'charged_at:2026-10-01', '-created', 'orders_charged_idx'],
  ['of a card network', 'network:diners', '-created', 'orders_network_idx'],
  ['with a usual word in the error', 'error:funds', '-created', 'orders_error_idx'],
  ['with a rare word in the error', 'error:zebra', '-created', 'orders_error_words_idx'],
  ['of a bank', 'bank:hdfc', '-created', 'method_type_created_at_id_idx'],
  ['with a note', 'has:note', '-created', 'orders_noted_idx'],
  ['with a text in a note', 'note:ord-4500', '-created', 'order_note_text_idx'],
  ['with a rare tag', 'tag:rare', '-created', 'order_tag_tag_idx'],
  ['with one of some rare tags', 'tag:rare,nobody', '-created', 'order_tag_tag_idx'],
  ['with a usual tag', 'tag:usual', '-created', 'created_at_id_idx'],
  ['with a tag', 'has:tag', '-created', 'created_at_id_idx'],
  ['without a usual tag', '-tag:usual', '-created', 'created_at_id_idx'],
  ['of which nobody knows the amount', 'is:amount_unknown', '-created', 'orders_amount_unknown_idx'],
  ['charged with no amount', UNKNOWN_CHARGES_QUERY, '-created', 'orders_amount_unknown_idx'],
  ['that need a person', 'is:stuck', '-created', 'orders_attention_idx'],
] as const)('%s use an index and read no whole table', async (_name, q, sort, index) => {
  const plan = await planOf(filterOf(q, { now: new Date('2026-11-03') }), sort)
  expect(plan).toContain(index)
  // The refund table is empty here; an empty table is always read whole.
  expect(plan).not.toMatch(/Seq Scan on (?!refund\b)/)
})

// For who sees no personal data: what is part of many names is shown of none, and the newest orders would be gone through
// to the last one. What is part of many references is soon met among them.
test.each([
  ['a part of many names', 'asha1', 'orders_search_idx'],
  ['a part of many names, asked of those', 'name:nina1', 'orders_search_idx'],
  ['a part of every reference', 'ord', 'created_at_id_idx'],
  ['a part of every customer ID', 'cust', 'created_at_id_idx'],
  ['a part of every customer ID, asked of those', 'customer:cust', 'created_at_id_idx'],
] as const)('%s takes the index that finds what is shown of it', async (_name, q, index) => {
  const plan = await planOf(filterOf(q, { masked: true }), '-created')
  expect(plan).toContain(index)
  expect(plan).not.toContain('Seq Scan')
})

test.each([
  ['email:none', 'orders_no_email_idx'],
  ['phone:none', 'orders_no_phone_idx'],
  ['name:none', 'orders_no_name_idx'],
  ['customer:none', 'orders_no_customer_idx'],
  ['attempts:=0', 'orders_untried_idx'],
])('%s is counted by its index alone', async (q, index) => {
  const plan = await lastPlan((search) => search.estimate(account.id, filterOf(q)))
  expect(plan).toContain(`Index Only Scan using ${index}`)
})

test.each(['has:dispute,discrepancy', 'has:note,dispute', 'is:late has:note,discrepancy'])(
  '%s is counted from the records of each, and asked of no order there is',
  async (q) => {
    const plan = await lastPlan((search) => search.estimate(account.id, filterOf(q)))
    expect(plan).not.toMatch(/SubPlan|Seq Scan on orders/)
  },
)

/** By when they were made: of 24 hours, of 30 days, of always. */
const RANGES = [
  { from: new Date('2026-11-03T00:00:00Z'), to: new Date('2026-11-04T00:00:00Z') },
  { from: new Date('2026-10-05T00:00:00Z'), to: new Date('2026-11-04T00:00:00Z') },
  { from: null, to: null },
]

test.each(['tag:rare', '-tag:rare', 'tag:usual', '-tag:usual', 'has:tag', '-has:tag'])(
  '%s takes indexes in every range of time',
  async (q) => {
    for (const range of RANGES) {
      const plan = await planOf(filterOf(q, range), '-created')
      expect(plan).toMatch(/order_tag_(tag_idx|pkey)/)
      expect(plan).not.toContain('Seq Scan')
    }
  },
)

test.each(['-note:rare', '-txn:ord-4567-1'])(
  '%s looks records up by hash for the orders it meets, and goes through no list for each',
  async (q) => {
    const plan = await planOf(filterOf(q), '-created')
    expect(plan).toContain('hashed SubPlan')
    expect(plan).not.toMatch(/\bid = ANY/)
  },
)

test.each(['is:mine', '-is:mine', 'is:mine,high_value', 'has:note is:late,mine'])(
  '%s goes through no list of ids for each order',
  async (q) => expect(await planOf(filterOf(q), '-created')).not.toMatch(/\bid = ANY/),
)

test('newest and oldest need no sort', async () => {
  for (const sort of ORDER_SORTS) expect(await planOf(filterOf(''), sort)).not.toMatch(/\bSort\b/)
})

/** What the one box reads in digits: an id, a reference, an amount, the end of a phone and of a card. */
const factsOf = (digits: string): OrderFilter[] =>
  [`order:ord-${digits}`, `ref:juspay-${digits}`, `amount:=${digits}`, `phone:${digits}`, 'last4:4242'].map(
    (q) => filterOf(q),
  )

const FOUND = 20

test('several facts at once take the index of each, by a plan that a connection keeps', async () => {
  const client = await opened.database.pool.connect()
  try {
    const search = orderSearch(sqlOf((statement) => client.query(statement)))
    for (const digits of ['4567', '4500', '9999', '0042', '4242', '4800', '5000', '4999']) {
      const found = await search.findAny(account.id, factsOf(digits), FOUND)
      const one = new Set<string>()
      for (const filter of factsOf(digits)) {
        const { rows } = await search.list(account.id, filter, {
          sort: '-created',
          cursor: null,
          limit: FOUND,
        })
        for (const { orderRef } of rows) one.add(orderRef)
      }
      expect(found.map(({ row }) => row.orderRef)).toEqual([...one].slice(0, FOUND))
    }
    const { rows } = await client.query<{ kept: bigint; statement: string }>(
      `select generic_plans as kept, statement from pg_prepared_statements where statement like '%union all%'`,
    )
    expect(rows).toHaveLength(1)
    expect(Number(rows[0]?.kept)).toBeGreaterThan(0)
    const { rows: lines } = await client.query<{ 'QUERY PLAN': string }>(`explain ${rows[0]?.statement}`, [
      account.id,
      ['ord-4567'],
      ['juspay-4567'],
      456_700n,
      [],
      '7654',
      '7654:',
      '4242',
    ])
    const plan = lines.map((line) => line['QUERY PLAN']).join('\n')
    for (const index of ['order_ref_key', 'provider_ref', 'amount_minor', 'phone_end', 'last4'])
      expect(plan).toContain(index)
    expect(plan).not.toMatch(/Seq Scan on (?!refund\b)/)
    // Found through the index of its end, an order is read where it lies and not looked up a second time.
    expect(plan).toContain('Tid Scan')
  } finally {
    client.release()
  }
})
