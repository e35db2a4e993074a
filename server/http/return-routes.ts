import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AppDeps } from '../services/deps.ts'
import { verifyReturn } from '../services/sdk/verify-return.ts'
import { sendProblem } from './problem.ts'

const BODY_MAX = 64 * 1024

type ReturnRequest = FastifyRequest<{ Params: { account: string } }>

/**
 * Where Juspay's payment page sends the customer's browser (API reference §7), by GET or by a form. The shop's page
 * gets the order and the status that Juspay's server confirmed, and nothing of what the address claimed.
 */
export function returnRoutes(app: FastifyInstance, { deps }: { deps: AppDeps }): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: BODY_MAX },
    (_request, body, done) => done(null, body),
  )

  const handle = async (request: ReturnRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const result = await verifyReturn(deps, {
      slug: request.params.account,
      params: parametersOf(request),
      method: request.method === 'POST' ? 'POST' : 'GET',
      requestId: request.id,
    })
    if (result.verdict === 'forged')
      deps.log.warn(
        { account: request.params.account, ip: request.ip },
        'return address with a wrong signature',
      )
    if (result.returnPageUrl === null)
      return sendProblem(request, reply, 404, 'no_return_page', 'This account has no return page configured.')
    const target = new URL(result.returnPageUrl)
    if (result.orderRef !== null) target.searchParams.set('order_id', result.orderRef)
    target.searchParams.set('status', result.status)
    return reply.header('cache-control', 'no-store').redirect(target.href, 303)
  }

  app.get('/payments/return/:account', handle)
  app.post('/payments/return/:account', { bodyLimit: BODY_MAX }, handle)
}

/** Every parameter, each decoded once, in order and with repeats: the signature is over all of them. */
function parametersOf(request: FastifyRequest): [string, string][] {
  const mark = request.url.indexOf('?')
  const query = mark === -1 ? '' : request.url.slice(mark + 1)
  const body = typeof request.body === 'string' ? request.body : ''
  return [...new URLSearchParams(query), ...new URLSearchParams(body)]
}
