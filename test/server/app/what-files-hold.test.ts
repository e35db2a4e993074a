/**
 * What leaves as a file: an order with a recognisable person in every place is in all of them, and every role takes each
 * that it may. A new route of files fails until it is in the table.
 */
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROLES, roleCan } from '../../../server/domain/permission.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { DOWNLOADS, registeredDownloads, textsOf } from '../../support/download-files.ts'
import { askFile, bytesOf, listFile } from '../../support/export-files.ts'
import { fillPersonalOrder, leaksIn, type PersonalOrder } from '../../support/personal-order.ts'

let app: TestApp
let made: PersonalOrder

beforeAll(async () => {
  app = await createTestApp()
  made = await fillPersonalOrder(app)
}, 60_000)
afterAll(() => app.close())

type Taken = { status: number; name: string; bytes: Buffer }

const take = async (person: SignedIn, path: string): Promise<Taken> => {
  const reply = await person.fetch(path)
  const name = reply.headers.get('content-disposition') ?? ''
  return { status: reply.status, name, bytes: Buffer.from(await reply.arrayBuffer()) }
}

test('every file there is, is in the table', () => {
  expect(registeredDownloads(app)).toEqual(Object.keys(DOWNLOADS).toSorted())
})

describe.each(ROLES)('%s', (role) => {
  test.each(Object.entries(DOWNLOADS))(
    'takes no person away with %s',
    async (_route, { permission, paths }) => {
      const person = await app.as(role)
      const may = roleCan(role, permission)
      for (const path of await paths(made, person, may)) {
        const { status, name, bytes } = await take(person, path)
        expect([path, status]).toEqual([path, may ? 200 : 403])
        for (const [part, text] of Object.entries({ name, ...textsOf(bytes) }))
          expect([path, part, leaksIn(text, role)]).toEqual([path, part, []])
      }
    },
  )
})

test.each(['csv', 'xlsx'] as const)('a person in a %s file is found', async (format) => {
  const finance = await app.as('finance')
  const file = await askFile(finance, listFile({ format, personal: true }))
  const texts = Object.values(textsOf(await bytesOf(finance, file.id)))
  expect(texts.flatMap((text) => leaksIn(text, 'viewer'))).not.toEqual([])
})

describe('no cell is a formula', () => {
  /** As `harmlessText` has it, in other words: what a spreadsheet runs, whatever blanks it trims and letters it folds. */
  const isFormula = (cell: string): boolean =>
    ['\t', '\r', '\n'].includes(cell.charAt(0)) || '=+-@＝＋－＠'.includes(cell.trim().charAt(0) || 'x')

  test.each(['=', '+', '-', '@', '\t', '\r', '\n', ' =', '＝'])('that begins with %j', async (start) => {
    const admin = await app.as('admin')
    await writeEverywhere(`${start}1+cmd`)
    for (const { paths, foreignCells: least } of Object.values(DOWNLOADS)) {
      if (least === null) continue
      for (const path of await paths(made, admin, true)) {
        const { status, bytes } = await take(admin, path)
        expect([path, status]).toEqual([path, 200])
        const cells = cellsOf(bytes)
        expect([path, cells.filter(isFormula)]).toEqual([path, []])
        const said = cells.filter((cell) => cell.includes('1+cmd')).length
        expect([path, said]).toEqual([path, expect.toSatisfy((n: number) => n >= least)])
      }
    }
  })

  /** Text cells and heads of a file; of a workbook those of all its sheets. */
  function cellsOf(bytes: Buffer): string[] {
    const { text, ...parts } = textsOf(bytes)
    if (text !== undefined) return parse(text, { bom: true, relax_column_count: true }).flat()
    return Object.entries(parts).flatMap(([name, xml]) => {
      if (!name.startsWith('xl/worksheets/')) return []
      expect(xml).not.toMatch(/<f\b/)
      return [...xml.matchAll(/<t\b[^>]*>([^<]*)<\/t>/g)].map(([, cell = '']) => cell)
    })
  }

  /** Puts the words wherever a file takes words from. */
  async function writeEverywhere(words: string): Promise<void> {
    const { pool } = app.paydesk.database
    const own = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`udf${n + 1}`, words]))
    await pool.query(
      `update orders set order_ref = $1, order_ref_key = lower($1), customer_name = $1, customer_email = $1,
         error_message = $1, gateway = $1, gateway_ref = $1, rrn = $1, method = $1, method_type = 'NB', card_brand = $1,
         udf = $2, payment_status = 'failed', display_status = 'failed'`,
      [words, JSON.stringify(own)],
    )
    await pool.query('update order_tag set tag = $1', [words])
    await pool.query(
      `insert into refund (merchant_account_id, order_id, refund_request_id, unique_request_id, origin, amount_minor,
         currency, status, gateway, ref, arn, txn_ref, error_message)
       select $2, $3, null, $1, 'external', 100, 'INR', 'failed', $1, $1, $1, $1, $1`,
      [words, app.accountId, made.orderId],
    )
    await pool.query('update refund_request set reason = $1, note = $1, decision_note = $1', [words])
    await pool.query('update staff_user set name = $1', [words])
    await pool.query(
      `update replay_item set event_name = $1, order_ref = $1, shadow_outcome = $1, shadow_error = $1, shadow_changes = $2`,
      [words, JSON.stringify([{ subject: words, field: 'errorMessage', before: words, after: words }])],
    )
    await pool.query('update bulk_batch set headers = $1', [JSON.stringify(Array(6).fill(words))])
    await pool.query('update bulk_row set cells = $2, remark = $1', [
      words,
      JSON.stringify(Array(6).fill(words)),
    ])
  }
})
