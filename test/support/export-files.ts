/** Files of the transactions list in tests: orders to put into them, the request, and a CSV file taken apart. */
import { randomUUID } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { expect } from 'vitest'
import type { ExportRequest } from '../../server/domain/order-export.ts'
import type { Database } from '../../server/store/database.ts'
import type { SignedIn } from './app.ts'

/** `count` orders of one minute each, straight into the table: what they mean to money is not looked at here. */
export async function fillOrders(
  database: Database,
  { accountId, now }: { accountId: string; now: Date },
  { prefix, count }: { prefix: string; count: number },
): Promise<void> {
  await database.sql.run(
    `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, charged_minor,
       provider_status, payment_status, display_status, gateway, method_type, method, customer_name, customer_email,
       customer_phone, rrn, udf, created_at)
     select $1::uuid, $2 || n, lower($2 || n), 'INR', 100 * n + 50, 100 * n + 50, 'CHARGED', 'charged', 'charged',
       'GOCASHFREE', 'NB', 'NB_HDFC',
       case n when 2 then '=HYPERLINK("http://evil.test","x")' when 3 then '+911' || n else 'Asha "A" <Rao>, & Sons' end,
       'asha' || n || '@example.test', '98765432' || lpad(n::text, 2, '0'), '00' || n, '{"udf1":"@SUM(A1)"}'::jsonb,
       $3::timestamptz - make_interval(mins => n::int)
     from generate_series(1, $4::int) n`,
    [accountId, prefix, now, count],
  )
}

/** What a person asks for: the list with some columns, as far as `part` says nothing else. */
export const listFile = (part: Partial<ExportRequest> & { q?: string } = {}): ExportRequest => {
  const { q = '', ...rest } = part
  return {
    what: { kind: 'list', q, from: null, to: null, asOf: null },
    sort: '-created',
    columns: [
      'created',
      'order',
      'amount',
      'status',
      'gateway',
      'customer',
      'utr',
      'bank',
      'udf1',
      'refundable',
    ],
    format: 'csv',
    zone: 'IST',
    personal: false,
    ...rest,
  }
}

/** Asks for a file. */
export const askFile = (person: SignedIn, wanted: ExportRequest) =>
  person.trpc.exports.create.mutate({ requestKey: randomUUID(), request: wanted })

/** A file as its maker fetches it. */
export async function bytesOf(person: SignedIn, exportId: string): Promise<Buffer> {
  const reply = await person.fetch(`/downloads/exports/${exportId}`)
  expect(reply.status).toBe(200)
  return Buffer.from(await reply.arrayBuffer())
}

/** A CSV file taken apart: what it says about itself, its names and its rows as bytes. */
export function readCsv(bytes: Buffer) {
  const text = bytes.toString('utf8')
  const end = text.indexOf('\r\n\r\n')
  const facts: string[][] = parse(text.slice(0, end + 2), { bom: true })
  const table = text.slice(end + 4)
  const names = table.indexOf('\r\n') + 2
  const rows: string[][] = parse(table.slice(names))
  return {
    bom: text.startsWith('\uFEFF'),
    facts: new Map(facts.map(([label = '', value = '']) => [label, value])),
    names: parse(table.slice(0, names)).flat() as string[],
    rows,
    rowBytes: Buffer.from(table.slice(names)),
  }
}
