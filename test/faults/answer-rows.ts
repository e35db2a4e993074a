/** Every row of the table of reliability §2.3: how Juspay, or the network, may answer a refund call, and what we make of it. */
import type { Said, Script } from './scripted-door.ts'
import { send } from './scripted-door.ts'

export type Class = 'ready' | 'unknown' | 'pending' | 'rejected'

export type AnswerRow = {
  name: string
  answer: Script['answer']
  /** The refund's status once the answer was dealt with: when Juspay has taken the refund, and when it has not. */
  taken: Class
  untaken: Class
}

const json = (status: number, body: unknown): Said => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const says =
  (said: Said): Script['answer'] =>
  (response) =>
    send(response, said)
const error = (code: string, message: string, statusId: unknown = -1): unknown => ({
  status_id: statusId,
  status: 'ERROR',
  error_code: code,
  error_message: message,
})

type Entry = Record<string, unknown>

/** The true answer with our refund in it changed. */
const changed =
  (change: (entry: Entry) => Entry | null): Script['answer'] =>
  (response, truth, { key }) => {
    const order = JSON.parse(truth.body) as Entry
    const refunds = (order['refunds'] as Entry[]).flatMap((entry) => {
      if (entry['unique_request_id'] !== key) return [entry]
      const next = change(entry)
      return next === null ? [] : [next]
    })
    send(response, { ...truth, body: JSON.stringify({ ...order, refunds }) })
  }

const orderWith =
  (more: Entry): Script['answer'] =>
  (response, truth) => {
    const order = JSON.parse(truth.body) as Entry
    send(response, { ...truth, body: JSON.stringify({ ...order, ...more }) })
  }

const DOUBT = { taken: 'unknown', untaken: 'unknown' } as const
const LOOKED_RESEND = { taken: 'pending', untaken: 'unknown' } as const
const LOOKED_REJECT = { taken: 'pending', untaken: 'rejected' } as const
const PUT_BACK = { taken: 'ready', untaken: 'ready' } as const

const DUPLICATE_ID = 'A refund call was already completed with this unique_request_id for the order.'
const DUPLICATE_AMOUNT = 'A refund call was already processing with this amount for the order.'
const NOT_FOUND = { status_id: 40, status: 'NOT_FOUND' }
const HTML = '<html><body>Bad Gateway</body></html>'
const BIG = 1_100_000

const row = (
  name: string,
  answer: Script['answer'],
  classes: Pick<AnswerRow, 'taken' | 'untaken'>,
): AnswerRow => ({ name, answer, ...classes })

export const ANSWER_ROWS: readonly AnswerRow[] = [
  row('200 with our key', (response, truth) => send(response, truth), {
    taken: 'pending',
    untaken: 'pending',
  }),
  row(
    '200 without our key',
    changed(() => null),
    DOUBT,
  ),
  row(
    '200 with another amount',
    changed((entry) => ({ ...entry, amount: 26 })),
    DOUBT,
  ),
  row(
    '200 without an amount as wide as the order',
    changed((entry) => ({ ...entry, amount: 100 })),
    DOUBT,
  ),
  row('200 of another order', orderWith({ order_id: 'ANOTHER1' }), DOUBT),
  row('200 in another currency', orderWith({ currency: 'USD' }), DOUBT),
  row(
    '200 with an unknown status',
    changed((entry) => ({ ...entry, status: 'ON_HOLD' })),
    DOUBT,
  ),
  row(
    '200 with a masked status',
    changed((entry) => ({ ...entry, status: 'FILTERED' })),
    DOUBT,
  ),
  row('200 that is no order', says(json(200, { status: 'ok' })), DOUBT),
  row('400 duplicate.call by key', says(json(400, error('duplicate.call', DUPLICATE_ID))), LOOKED_RESEND),
  row(
    '400 duplicate.call by key, as text',
    says(json(400, error('duplicate.call', DUPLICATE_ID, '-1'))),
    LOOKED_RESEND,
  ),
  row(
    '400 duplicate.call by amount',
    says(json(400, error('duplicate.call', DUPLICATE_AMOUNT))),
    LOOKED_RESEND,
  ),
  row('400 duplicate.call without words', says(json(400, error('duplicate.call', ''))), LOOKED_RESEND),
  row(
    '400 invalid.amount.exceeded',
    says(json(400, error('invalid.amount.exceeded', 'Too much.'))),
    LOOKED_REJECT,
  ),
  row('400 invalid amount', says(json(400, error('invalid amount', 'Amount is invalid.'))), LOOKED_REJECT),
  row('400 not successful', says(json(400, error('invalid.order.not_successful', 'No.'))), LOOKED_REJECT),
  row('400 mandatory fields', says(json(400, error('Mandatory fields are missing', 'No.'))), LOOKED_REJECT),
  row('400 too many', says(json(400, error('request.exceeded', 'Too many.'))), LOOKED_REJECT),
  row('404 order unknown', says(json(404, NOT_FOUND)), LOOKED_REJECT),
  row('400 status_id 40', says(json(400, NOT_FOUND)), LOOKED_REJECT),
  row('400 in a stranger’s words', says(json(400, { oops: true })), DOUBT),
  row('401', says(json(401, error('access_denied', 'No.'))), PUT_BACK),
  row('403', says(json(403, { any: 'thing' })), PUT_BACK),
  row('429', says(json(429, {})), PUT_BACK),
  row('429 with Retry-After', says({ ...json(429, {}), headers: { 'retry-after': '20' } }), PUT_BACK),
  row('302', says({ status: 302, headers: { location: 'http://127.0.0.1:9/' }, body: '' }), DOUBT),
  row('500', says(json(500, error('INTERNAL_ERROR', 'No.'))), DOUBT),
  row('502 HTML', says({ status: 502, headers: { 'content-type': 'text/html' }, body: HTML }), DOUBT),
  row('503', says(json(503, {})), DOUBT),
  row('504', says(json(504, error('duplicate.call', DUPLICATE_ID))), DOUBT),
  row('200 HTML', says({ status: 200, headers: { 'content-type': 'text/html' }, body: HTML }), DOUBT),
  row('200 empty', says({ status: 200, headers: { 'content-type': 'application/json' }, body: '' }), DOUBT),
  row(
    '200 truncated',
    (response, truth) => send(response, { ...truth, body: truth.body.slice(0, truth.body.length / 2) }),
    DOUBT,
  ),
  row(
    '200 with invalid JSON',
    (response, truth) => send(response, { ...truth, body: `${truth.body}}` }),
    DOUBT,
  ),
  row(
    '200 as plain text',
    (response, truth) => send(response, { ...truth, headers: { 'content-type': 'text/plain' } }),
    DOUBT,
  ),
  row(
    '200 above the limit of bodies',
    (response, truth) => send(response, { ...truth, body: truth.body.padEnd(BIG, ' ') }),
    DOUBT,
  ),
  row('reset after the request', (response) => void response.socket?.resetAndDestroy(), DOUBT),
  row('closed without an answer', (response) => void response.socket?.end(), DOUBT),
  row(
    'cut in the middle of the body',
    (response, truth) => {
      response.writeHead(200, { ...truth.headers, 'content-length': String(Buffer.byteLength(truth.body)) })
      response.write(truth.body.slice(0, 40), () => response.socket?.destroy())
    },
    DOUBT,
  ),
  row('no answer at all', () => undefined, DOUBT),
]
