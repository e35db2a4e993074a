import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { MAX_ATTEMPTS } from './attempts.ts'
import { bodyOf, text } from './bodies.ts'
import type { Params } from './bodies.ts'
import type { Context } from './context.ts'
import { instrumentFrom } from './instruments.ts'
import { displayAmount } from './money.ts'
import { isPaid } from './orders.ts'
import { framedResultPage, messagePage, paymentPage, returnFormPage } from './page-html.ts'
import type { PageFrame } from './page-html.ts'
import { EXPIRED, PAGE_OUTCOMES } from './page-outcomes.ts'
import type { Ending } from './page-outcomes.ts'
import { pathParam, queryParam } from './control-route.ts'
import { refusedMessage, resultMessage } from './process-result.ts'
import { returnAddress, returnTrip } from './return-url.ts'
import { orderFromSdk } from './sdk-order.ts'
import { winningAttempt } from './status.ts'
import type { Instrument, OrderRecord } from './types.ts'

/** Only pages of this machine may frame the page; `form-action` stays open because the form's answer redirects to the shop. */
const FRAME_ANCESTORS =
  "frame-ancestors 'self' http://localhost:* http://127.0.0.1:* https://localhost:* https://127.0.0.1:*"

const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/

function sendPage(
  reply: FastifyReply,
  status: number,
  html: string,
  nonce: string | null = null,
): FastifyReply {
  const script = nonce === null ? '' : `; script-src 'nonce-${nonce}'`
  return reply
    .code(status)
    .headers({
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; ${FRAME_ANCESTORS}${script}`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    .type('text/html; charset=utf-8')
    .send(html)
}

const newNonce = () => randomBytes(16).toString('base64')

function frameOf(embed: string | undefined, origin: string | undefined): PageFrame {
  const trusted = origin !== undefined && LOOPBACK_ORIGIN.test(origin) ? origin : ''
  return { embed: embed === '1' && trusted !== '', origin: trusted }
}

/** Where the customer goes back to, with the order as it is now; null when the order names no address. */
function tripOf(context: Context, order: OrderRecord) {
  const merchant = context.configuration.merchant(order.merchantId)
  const attempt = winningAttempt(context.records.attempts(order.id))
  const trip = merchant ? returnTrip(merchant, order, attempt?.status ?? 'NEW') : null
  return { attempt, trip, isPost: merchant?.returnMethod === 'POST' }
}

/** The end of a visit: a message to the frame, a redirect, a POST form, or just words. */
function goBack(
  context: Context,
  reply: FastifyReply,
  order: OrderRecord,
  frame: PageFrame,
  ending: Ending,
): FastifyReply {
  const { attempt, trip, isPost } = tripOf(context, order)
  const nonce = newNonce()
  if (frame.embed) {
    const message = resultMessage(order, attempt, ending, trip ? returnAddress(trip) : null)
    return sendPage(reply, 200, framedResultPage('Done', message, frame.origin, nonce), nonce)
  }
  if (!trip)
    return sendPage(
      reply,
      200,
      messagePage('Payment finished', `The order is now ${attempt?.status ?? 'NEW'}.`),
    )
  if (isPost) return sendPage(reply, 200, returnFormPage(trip, nonce), nonce)
  return reply.redirect(returnAddress(trip), 302)
}

type Closed = { status: number; title: string; text: string; ending: Ending }

const EXPIRED_PAGE: Closed = {
  status: 410,
  title: 'This page has expired',
  text: 'Go back to the shop and start the payment again.',
  ending: EXPIRED,
}

/** Why a page cannot be paid on, if so. */
function closedPage(context: Context, order: OrderRecord): Closed | null {
  const attempts = context.records.attempts(order.id)
  if (isPaid(attempts)) {
    const text = `Order ${order.orderId} is paid. Nothing more to do.`
    return { status: 200, title: 'Already paid', text, ending: { kind: 'tried' } }
  }
  if (context.clock.now() >= order.expiresAt) return EXPIRED_PAGE
  if (attempts.length >= MAX_ATTEMPTS) {
    const words = `This order was tried ${MAX_ATTEMPTS} times. Start a new one.`
    const text = 'This order cannot be tried again. Start a new one in the shop.'
    return {
      status: 409,
      title: 'Too many attempts',
      text,
      ending: { kind: 'refused', expired: false, words },
    }
  }
  return null
}

/** Says why the page is closed, and leads back to the shop: a frame tells the shop at once. */
function showClosed(
  context: Context,
  reply: FastifyReply,
  order: OrderRecord,
  frame: PageFrame,
  closed: Closed,
): FastifyReply {
  if (frame.embed) return goBack(context, reply, order, frame, closed.ending)
  const { trip } = tripOf(context, order)
  const link = trip ? returnAddress(trip) : null
  return sendPage(reply, closed.status, messagePage(closed.title, closed.text, link))
}

function showPage(context: Context, reply: FastifyReply, order: OrderRecord, frame: PageFrame): FastifyReply {
  const closed = closedPage(context, order)
  if (closed) return showClosed(context, reply, order, frame, closed)
  const merchant = context.configuration.merchant(order.merchantId)
  const shown = {
    merchantName: merchant?.displayName ?? order.merchantId,
    orderId: order.orderId,
    amountText: displayAmount(order.amountMinor, order.currency),
    description: order.description,
    customer: [order.firstName, order.lastName].join(' ').trim(),
    attemptsMade: context.records.attempts(order.id).length,
  }
  const nonce = frame.embed ? newNonce() : null
  return sendPage(reply, 200, paymentPage(`/payment-page/order/${order.id}`, shown, frame, nonce), nonce)
}

function chosenInstrument(params: Params): Instrument {
  const type = text(params, 'type')
  const method = { CARD: text(params, 'brand'), NB: text(params, 'bank'), WALLET: text(params, 'wallet') }[
    type ?? ''
  ]
  const lastFour = /^\d{4}$/.test(text(params, 'last_four') ?? '') ? text(params, 'last_four') : undefined
  return instrumentFrom({
    type,
    method,
    gateway: text(params, 'gateway'),
    vpa: text(params, 'vpa') || undefined,
    lastFour,
  })
}

function submit(context: Context, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { params } = bodyOf(request.body)
  const order = context.records.order(pathParam(request, 'orderKey'))
  if (!order) return sendPage(reply, 404, messagePage('No such payment page', 'Check the link.'))
  const outcome = PAGE_OUTCOMES.find(({ id }) => id === text(params, 'outcome'))
  const frame = frameOf(text(params, 'embed'), text(params, 'origin'))
  if (!outcome) return sendPage(reply, 400, messagePage('Unknown choice', 'Press one of the buttons.'))
  const closed = closedPage(context, order)
  // Whoever leaves is let go, whatever the page would say.
  if (closed && outcome.id !== 'abandon') return showClosed(context, reply, order, frame, closed)
  const ending = context.database.transact(() =>
    outcome.act(context, order, chosenInstrument(params), context.clock.now()),
  )
  const after = context.records.order(order.id) ?? order
  if (ending.kind === 'refused') return showClosed(context, reply, after, frame, EXPIRED_PAGE)
  return goBack(context, reply, after, frame, ending)
}

/** What the SDK script opens in its frame: the page to pay on, or the end of a visit that the customer broke off. */
function openSdk(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  left: boolean,
): FastifyReply {
  const found = context.database.transact(() => orderFromSdk(context, (name) => queryParam(request, name)))
  const frame = frameOf(queryParam(request, 'embed'), queryParam(request, 'origin'))
  if ('order' in found)
    return left
      ? goBack(context, reply, found.order, frame, { kind: 'left' })
      : showPage(context, reply, found.order, frame)
  if (found.expired) {
    if (left) return goBack(context, reply, found.expired, frame, { kind: 'left' })
    const closed = { ...EXPIRED_PAGE, status: found.status, text: found.detail }
    return showClosed(context, reply, found.expired, frame, closed)
  }
  const nonce = newNonce()
  return frame.embed
    ? sendPage(
        reply,
        found.status,
        framedResultPage(found.problem, refusedMessage(found.detail), frame.origin, nonce),
        nonce,
      )
    : sendPage(reply, found.status, messagePage(found.problem, found.detail))
}

/** The hosted payment page (reference 12, "Hosted page") and its entry for the SDK script. */
export function registerPages(app: FastifyInstance, context: Context): void {
  const open = (request: FastifyRequest, reply: FastifyReply) => {
    const order = context.records.order(pathParam(request, 'orderKey'))
    if (!order) return sendPage(reply, 404, messagePage('No such payment page', 'Check the link.'))
    return showPage(
      context,
      reply,
      order,
      frameOf(queryParam(request, 'embed'), queryParam(request, 'origin')),
    )
  }
  app.get('/payment-page/order/:orderKey', open)
  app.get('/orders/:orderKey/payment-page', open)
  app.post('/payment-page/order/:orderKey', (request, reply) => submit(context, request, reply))
  app.get('/payment-page/sdk', (request, reply) => openSdk(context, request, reply, false))
  app.get('/payment-page/sdk/back', (request, reply) => openSdk(context, request, reply, true))
}
