import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { MAX_ATTEMPTS, startAttempt } from './attempts.ts'
import { bodyOf, text } from './bodies.ts'
import type { Params } from './bodies.ts'
import type { Context } from './context.ts'
import { instrumentFrom } from './instruments.ts'
import { displayAmount } from './money.ts'
import { isPaid } from './orders.ts'
import { framedResultPage, messagePage, paymentPage, returnFormPage } from './page-html.ts'
import type { PageFrame } from './page-html.ts'
import { pathParam, queryParam } from './control-route.ts'
import { resultMessage } from './process-result.ts'
import { returnAddress, returnTrip } from './return-url.ts'
import { applyOutcome } from './scenarios.ts'
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

function frameOf(embed: string | undefined, origin: string | undefined): PageFrame {
  const trusted = origin !== undefined && LOOPBACK_ORIGIN.test(origin) ? origin : ''
  return { embed: embed === '1' && trusted !== '', origin: trusted }
}

/** The end of a visit: a message to the frame, a redirect, a POST form, or just words. */
function goBack(
  context: Context,
  reply: FastifyReply,
  order: OrderRecord,
  frame: PageFrame,
  left: boolean,
): FastifyReply {
  const merchant = context.configuration.merchant(order.merchantId)
  const attempt = winningAttempt(context.records.attempts(order.id))
  const status = attempt?.status ?? 'NEW'
  const trip = merchant ? returnTrip(merchant, order, status) : null
  const nonce = randomBytes(16).toString('base64')
  if (frame.embed) {
    const message = resultMessage(order, attempt, left, trip ? returnAddress(trip) : null)
    return sendPage(reply, 200, framedResultPage('Done', message, frame.origin, nonce), nonce)
  }
  if (!trip) return sendPage(reply, 200, messagePage('Payment finished', `The order is now ${status}.`))
  if (merchant?.returnMethod === 'POST') return sendPage(reply, 200, returnFormPage(trip, nonce), nonce)
  return reply.redirect(returnAddress(trip), 302)
}

/** Why a page cannot be paid on, if so. */
function closedPage(
  context: Context,
  order: OrderRecord,
): { status: number; title: string; text: string } | null {
  const attempts = context.records.attempts(order.id)
  if (isPaid(attempts))
    return { status: 200, title: 'Already paid', text: `Order ${order.orderId} is paid. Nothing more to do.` }
  if (context.clock.now() >= order.expiresAt) {
    return {
      status: 410,
      title: 'This page has expired',
      text: 'Go back to the shop and start the payment again.',
    }
  }
  if (attempts.length >= MAX_ATTEMPTS) {
    return {
      status: 409,
      title: 'Too many attempts',
      text: 'This order cannot be tried again. Start a new one in the shop.',
    }
  }
  return null
}

function showPage(context: Context, reply: FastifyReply, order: OrderRecord, frame: PageFrame): FastifyReply {
  const closed = closedPage(context, order)
  if (closed) return sendPage(reply, closed.status, messagePage(closed.title, closed.text))
  const merchant = context.configuration.merchant(order.merchantId)
  const shown = {
    merchantName: merchant?.displayName ?? order.merchantId,
    orderId: order.orderId,
    amountText: displayAmount(order.amountMinor, order.currency),
    description: order.description,
    customer: [order.firstName, order.lastName].join(' ').trim(),
    attemptsMade: context.records.attempts(order.id).length,
  }
  return sendPage(reply, 200, paymentPage(`/payment-page/order/${order.id}`, shown, frame))
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

/** Does what the pressed button says; late parts go to the scheduler. */
function act(context: Context, order: OrderRecord, outcome: string, instrument: Instrument): void {
  const at = context.clock.now()
  const settings = context.configuration.settings()
  const attempt = startAttempt(context, order, instrument, at)
  if (!attempt) return
  const later = (seconds: number) => {
    const step = { after: seconds, do: 'outcome', attempt: attempt.n, outcome: 'success' }
    context.scheduler.add('scenario.step', at + seconds * 1_000, { orderKey: order.id, step })
  }
  if (outcome === 'pending') return later(settings.pendingSeconds)
  if (outcome === 'late_success') {
    applyOutcome(context, order, attempt.n, 'authorization_failed', at)
    return later(settings.lateSuccessSeconds)
  }
  if (outcome === 'authentication_failed' || outcome === 'authorization_failed') {
    return applyOutcome(context, order, attempt.n, outcome, at)
  }
  const second = outcome === 'double_charge' ? startAttempt(context, order, instrument, at) : null
  applyOutcome(context, order, attempt.n, 'success', at)
  if (second) applyOutcome(context, order, second.n, 'success', at)
}

const OUTCOMES = new Set([
  'success',
  'authentication_failed',
  'authorization_failed',
  'pending',
  'late_success',
  'double_charge',
  'abandon',
])

function submit(context: Context, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { params } = bodyOf(request.body)
  const order = context.records.order(pathParam(request, 'orderKey'))
  if (!order) return sendPage(reply, 404, messagePage('No such payment page', 'Check the link.'))
  const outcome = text(params, 'outcome') ?? ''
  const frame = frameOf(text(params, 'embed'), text(params, 'origin'))
  if (!OUTCOMES.has(outcome))
    return sendPage(reply, 400, messagePage('Unknown choice', 'Press one of the buttons.'))
  if (outcome === 'abandon') return goBack(context, reply, order, frame, true)
  const closed = closedPage(context, order)
  if (closed) return sendPage(reply, closed.status, messagePage(closed.title, closed.text))
  context.database.transact(() => act(context, order, outcome, chosenInstrument(params)))
  return goBack(context, reply, context.records.order(order.id) ?? order, frame, false)
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
  app.get('/payment-page/sdk', (request, reply) => {
    const found = context.database.transact(() => orderFromSdk(context, (name) => queryParam(request, name)))
    if ('problem' in found) return sendPage(reply, found.status, messagePage(found.problem, found.detail))
    return showPage(
      context,
      reply,
      found.order,
      frameOf(queryParam(request, 'embed'), queryParam(request, 'origin')),
    )
  })
}
