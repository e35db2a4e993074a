/**
 * Requests as nobody should send them, made from a seed: the same number gives the same bytes. Those of strangers carry no
 * right credentials anywhere, so that a single 200 for one of them is a finding.
 */
import { orderBody, webhookBody } from '../support/factories.ts'
import type { Delivery } from './raw-client.ts'

export type Attack = Delivery & {
  kind: string
  /** Whether everything in it is a webhook without right credentials. */
  stranger: boolean
  /** Requests in it that bear right credentials, of the account for mutants. */
  credentialed: number
}

/** Who is attacked. */
export type Aim = {
  /** The account whose webhooks must be exactly the good ones. */
  slug: string
  /** An account of its own for good requests with something flipped, some of which may be taken. */
  mutants: { slug: string; authorization: string }
}

type Dice = {
  below(limit: number): number
  pick<T>(items: readonly [T, ...T[]]): T
}

/** Stands in every body of a stranger, and so in no row. */
export const STRANGER = 'evt_stranger'

const HOST = 'host: paydesk.example.test'
const JSON_TYPE = 'content-type: application/json'
const wrongLogin = (login: string): string => `authorization: Basic ${Buffer.from(login).toString('base64')}`
/** What a stranger says for credentials. */
const GUESSES = [
  'x-nothing: here',
  'authorization:',
  'authorization: Basic',
  'authorization: Basic ====',
  'authorization: Bearer abc',
  'authorization: Basic aG9vaw==\r\nauthorization: Basic Og==',
  wrongLogin('hook:wrong'),
  wrongLogin('hook'),
  wrongLogin('hook:'),
  wrongLogin(':'),
  wrongLogin(`hook:${'p'.repeat(8_000)}`),
  wrongLogin('hook\u0000:webhook-pass:word'),
] as const
const OTHER_TARGETS = [
  '/',
  '/healthz',
  '/readyz',
  '/metrics',
  '/orders/1?q=%00',
  '/assets/../../etc/passwd',
  '/assets/%2e%2e%2f%2e%2e%2fpackage.json',
  '/payments/return/shop',
  '/payments/return/%00',
  '/trpc/orders.list?input=%7B',
  '/trpc/a,b,c,d?batch=1',
  '/trpc/__proto__',
  '/sdk/shop/session',
  '/downloads/event-bodies.ndjson',
  '/api/auth/sign-out',
] as const
/** A request that may be taken has to be committed before it is answered. */
const SILENCE_MS = { refused: 100, taken: 2_000 }
const HUGE = 20_000
const BLOCK = 256 * 1024
const BODY_BIG = 1024 * 1024

/** The attack number `index`. */
export function attackOf(random: () => number, index: number, aim: Aim): Attack {
  const below = (limit: number): number => Math.floor(random() * limit)
  const dice: Dice = { below, pick: (items) => items[below(items.length)] ?? items[0] }
  const [kind, make] = dice.pick(KINDS)
  const { wire, stranger = true, credentialed = 0, manner = 'listen' } = make(dice, aim, index)
  const silenceMs = credentialed > 0 ? SILENCE_MS.taken : SILENCE_MS.refused
  return {
    kind,
    stranger,
    credentialed,
    manner,
    silenceMs,
    pieces: cut(Buffer.from(wire, 'latin1'), dice),
  }
}

type Made = { wire: string; stranger?: boolean; credentialed?: number; manner?: Delivery['manner'] }
type Make = (dice: Dice, aim: Aim, index: number) => Made

const KINDS: readonly [[string, Make], ...[string, Make][]] = [
  ['length and chunks', lengthAndChunks],
  ['lengths', lengths],
  ['smuggled behind a good one', smuggled],
  ['folded headers', folded],
  ['bad chunks', badChunks],
  ['odd headers', oddHeaders],
  ['giant headers', giantHeaders],
  ['pipeline', pipeline],
  ['odd targets', oddTargets],
  ['other routes', otherRoutes],
  ['odd first lines', oddFirstLines],
  ['half a request', half],
  ['nothing', nothing],
  ['left early', leftEarly],
  ['large bodies', largeBodies],
  ['flipped bits', flippedBits],
  ['flipped bits', flippedBits],
]

function lengthAndChunks(dice: Dice, aim: Aim, index: number): Made {
  const inner = stranger(dice, aim, index)
  const encoding = dice.pick([
    'transfer-encoding: chunked',
    'Transfer-Encoding : chunked',
    'transfer-encoding:\tchunked',
    'transfer-encoding: xchunked',
    'transfer-encoding: chunked, identity',
    'transfer-encoding: identity\r\ntransfer-encoding: chunked',
    'transfer-encoding: chunked\r\ntransfer-encoding: x',
    'transfer-encoding\n: chunked',
    'x: y\r\n transfer-encoding: chunked',
    'transfer-encoding: "chunked"',
  ])
  const length = `content-length: ${dice.pick([0, 4, 6, inner.length, inner.length + 5])}`
  const both = dice.below(2) === 0 ? [length, encoding] : [encoding, length]
  const chunk = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`
  return { wire: post(aim, dice, both, dice.pick([`0\r\n\r\n${inner}`, chunk, `5c\r\n${inner}`])) }
}

function lengths(dice: Dice, aim: Aim, index: number): Made {
  const body = strangerBody(index)
  const length = dice.pick([
    '0',
    '+5',
    '-1',
    '0x10',
    '5, 5',
    '1e3',
    '99999999999999999999',
    '5 5',
    '',
    '\u0000',
  ])
  const second = dice.pick([`content-length: ${body.length}`, `Content-Length: ${length}`, 'x: y'])
  return { wire: post(aim, dice, [`content-length: ${length}`, second], body) }
}

/** The outer request is good, for the account for mutants; what may hide in it is a stranger's, for the other. */
function smuggled(dice: Dice, aim: Aim, index: number): Made {
  const inner = stranger(dice, aim, index)
  const framing = dice.pick([
    [`content-length: ${inner.length}`, 'transfer-encoding: chunked'],
    ['content-length: 0', `content-length: ${inner.length}`],
    ['content-length: 0'],
    ['transfer-encoding: chunked', 'content-length: 3'],
    [`content-length: ${inner.length}`],
  ])
  const wire = request(`POST /webhooks/juspay/${aim.mutants.slug}`, [goodLogin(aim), ...framing], inner)
  return { wire, stranger: false, credentialed: 1 }
}

function folded(dice: Dice, aim: Aim, index: number): Made {
  const body = strangerBody(index)
  const fold = dice.pick(['\r\n ', '\r\n\t', '\n ', '\r '])
  const headers = [
    `x-a: b${fold}c`,
    `content-length:${fold}${body.length}`,
    `content-type:${fold}application/json`,
  ]
  return { wire: post(aim, dice, headers, body) }
}

function badChunks(dice: Dice, aim: Aim, index: number): Made {
  const body = strangerBody(index)
  const size = body.length.toString(16)
  const chunks = dice.pick([
    `zz\r\n${body}\r\n0\r\n\r\n`,
    `-5\r\n${body}\r\n0\r\n\r\n`,
    `ffffffffffffffff\r\n${body}`,
    `fffffffffffffffff\r\n${body}`,
    `${size}\r\n${body}`,
    `${size}\n${body}\n0\n\n`,
    `${size};${'x'.repeat(HUGE)}\r\n${body}\r\n0\r\n\r\n`,
    `${size};a="\u0000"\r\n${body}\r\n0\r\n\r\n`,
    `${size}\r\n${body}XX0\r\n\r\n`,
    `0\r\nauthorization: Basic ${'A'.repeat(40)}\r\ncontent-length: 5\r\n\r\n`,
    `0\r\n${'x-trailer: y\r\n'.repeat(2_000)}\r\n`,
    `1\r\n{\r\n`.repeat(500),
    `\r\n\r\n${size}\r\n${body}`,
    ` ${size} \r\n${body}\r\n0\r\n\r\n`,
  ])
  return { wire: post(aim, dice, ['transfer-encoding: chunked'], chunks) }
}

function oddHeaders(dice: Dice, aim: Aim, index: number): Made {
  const body = strangerBody(index)
  const odd = dice.pick([
    'x-nul: a\u0000b',
    'x-\u0000: a',
    'x-high: \u00ff\u00fe',
    'no colon here',
    ': no name',
    'x bad: name',
    'x-cr: a\rb',
    'x-lf: a\nb: c',
    `x-huge: ${'v'.repeat(HUGE)}`,
    `${'n'.repeat(HUGE)}: v`,
    Array.from({ length: 500 }, () => 'x-same: v').join('\r\n'),
    Array.from({ length: 1_500 }, (_, at) => `x-${at}: v`).join('\r\n'),
    Array.from({ length: 50 }, () => 'host: other.example.test').join('\r\n'),
    '__proto__: x\r\nconstructor: y',
    'content-type: \u0001;;;=\r\ncontent-encoding: gzip',
    'expect: 100-continue',
    'expect: the-unexpected',
    'connection: upgrade\r\nupgrade: websocket',
    'connection: upgrade, http2-settings\r\nupgrade: h2c',
    'connection: content-length',
    `x-forwarded-for: ${'1.1.1.1, '.repeat(900)}`,
    `cookie: ${'a=b; '.repeat(3_000)}`,
  ])
  return { wire: post(aim, dice, [odd, `content-length: ${body.length}`], body) }
}

function giantHeaders(dice: Dice, aim: Aim): Made {
  const line = `x-filler: ${'f'.repeat(dice.pick([10, 1_000, 15_000]))}\r\n`
  const block = line.repeat(Math.ceil(BLOCK / line.length))
  return { wire: `POST ${target(aim)} HTTP/1.1\r\n${HOST}\r\n${block}\r\n` }
}

function pipeline(dice: Dice, aim: Aim, index: number): Made {
  const requests = Array.from({ length: 2 + dice.below(18) }, () =>
    dice.below(3) === 0 ? request('GET /healthz', []) : stranger(dice, aim, index),
  )
  return { wire: requests.join(dice.pick(['', '\r\n', '\u0000'])), stranger: false }
}

function oddTargets(dice: Dice, aim: Aim, index: number): Made {
  const at = dice.pick([
    `http://paydesk.example.test${target(aim)}`,
    `https://user@other.example.test${target(aim)}`,
    `/${target(aim)}`,
    `/x/..${target(aim)}`,
    `${target(aim)}/`,
    `${target(aim)}%00`,
    `${target(aim)}%zz`,
    `${target(aim)}?__proto__[x]=1&a=%ff`,
    `${target(aim)}#fragment`,
    `${target(aim)};v=1`,
    '/webhooks/juspay/%F0%9F%92%A9',
    '/webhooks/juspay/\u00ff\u00fe',
    '/webhooks/juspay/a b',
    `/webhooks/juspay/${'s'.repeat(8_000)}`,
    '/webhooks/juspay/',
    '/webhooks/juspay/%27%20or%201=1--',
    '/webhooks/juspay/__proto__',
    '*',
    'paydesk.example.test:443',
    '?',
  ])
  const body = strangerBody(index)
  return { wire: request(`POST ${at}`, [dice.pick(GUESSES), `content-length: ${body.length}`], body) }
}

function otherRoutes(dice: Dice, _aim: Aim, index: number): Made {
  const method = dice.pick(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'])
  const body = dice.pick(['', '{', '[]', 'null', '\u0000', strangerBody(index), '['.repeat(9_000)])
  const type = dice.pick([JSON_TYPE, 'content-type: text/plain', 'content-type: multipart/form-data', 'x: y'])
  const headers = [
    type,
    `content-length: ${body.length}`,
    'origin: http://evil.example.test',
    'cookie: \u0001=;;',
  ]
  return { wire: request(`${method} ${dice.pick(OTHER_TARGETS)}`, headers, body), stranger: false }
}

function oddFirstLines(dice: Dice, aim: Aim, index: number): Made {
  const rest = `\r\n${HOST}\r\ncontent-length: 2\r\n\r\n{}`
  const first = dice.pick([
    `POST ${target(aim)} HTTP/0.9`,
    `POST ${target(aim)} HTTP/1.0`,
    `POST ${target(aim)} HTTP/2.0`,
    `POST ${target(aim)} HTTP/1.1.1`,
    `POST ${target(aim)} http/1.1`,
    `POST ${target(aim)}`,
    `POST  ${target(aim)}  HTTP/1.1`,
    `post ${target(aim)} HTTP/1.1`,
    `P\u0000ST ${target(aim)} HTTP/1.1`,
    `${'POST'.repeat(5_000)} / HTTP/1.1`,
    `CONNECT ${target(aim)} HTTP/1.1`,
    `M-SEARCH ${target(aim)} HTTP/1.1`,
    'PRI * HTTP/2.0\r\n\r\nSM',
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
    'EHLO paydesk',
    `\ufeff${index}`,
  ])
  return { wire: first + rest }
}

/** Cut off anywhere; some stay and say nothing more. */
function half(dice: Dice, aim: Aim, index: number): Made {
  const whole = stranger(dice, aim, index)
  const manner = dice.below(20) === 0 ? 'hold' : 'listen'
  return { wire: whole.slice(0, dice.below(whole.length)), manner }
}

function nothing(dice: Dice): Made {
  return { wire: dice.pick(['', '\r\n', '\r\n\r\n\r\n', '\n', '\u0000', ' ', '\r']) }
}

function leftEarly(dice: Dice, aim: Aim, index: number): Made {
  const body = strangerBody(index)
  const declared = dice.pick([body.length, body.length + 1, BODY_BIG])
  return { wire: post(aim, dice, [`content-length: ${declared}`], body), manner: 'leave' }
}

/** One in a few is really large: all of them would measure the loopback device. */
function largeBodies(dice: Dice, aim: Aim, index: number): Made {
  const size = dice.below(8) === 0 ? BODY_BIG : 64 * 1024
  const body = strangerBody(index).padEnd(size, ' ')
  const declared = dice.pick([size, 2 * size, 3 * BODY_BIG])
  return { wire: post(aim, dice, [`content-length: ${declared}`], body) }
}

function flippedBits(dice: Dice, aim: Aim, index: number): Made {
  const body = strangerBody(index).replace(STRANGER, 'evt_mutant')
  const headers = [goodLogin(aim), JSON_TYPE, `content-length: ${body.length}`]
  const bytes = Buffer.from(request(`POST /webhooks/juspay/${aim.mutants.slug}`, headers, body), 'latin1')
  for (let flips = 1 + dice.below(6); flips > 0; flips -= 1) {
    const at = dice.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8))
  }
  return { wire: bytes.toString('latin1'), stranger: false, credentialed: 1 }
}

const target = (aim: Aim): string => `/webhooks/juspay/${aim.slug}`
const goodLogin = (aim: Aim): string => `authorization: ${aim.mutants.authorization}`

/** A webhook of a stranger to which nothing else is wrong. */
function stranger(dice: Dice, aim: Aim, index: number): string {
  const body = strangerBody(index)
  return post(aim, dice, [`content-length: ${body.length}`], body)
}

function post(aim: Aim, dice: Dice, headers: readonly string[], body: string): string {
  return request(`POST ${target(aim)}`, [dice.pick(GUESSES), JSON_TYPE, ...headers], body)
}

function request(line: string, headers: readonly string[], body = ''): string {
  return `${line} HTTP/1.1\r\n${[HOST, ...headers].join('\r\n')}\r\n\r\n${body}`
}

function strangerBody(index: number): string {
  const orderId = `STRANGER-${index}`
  const at = '2026-11-20T06:30:00Z'
  const order = orderBody({ orderId, status: 'CHARGED', amount: 100, at })
  return webhookBody({ id: `${STRANGER}_${index}`, name: 'ORDER_SUCCEEDED', at, order }).toString('latin1')
}

function cut(bytes: Buffer, dice: Dice): Buffer[] {
  const cuts = Array.from({ length: dice.below(3) }, () => dice.below(bytes.length + 1)).toSorted(
    (a, b) => a - b,
  )
  return [0, ...cuts].map((from, at) => bytes.subarray(from, cuts[at])).filter((piece) => piece.length > 0)
}
