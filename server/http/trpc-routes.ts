import { incomingMessageToRequest } from '@trpc/server/adapters/node-http'
import { resolveResponse } from '@trpc/server/http'
import type { TRPCError } from '@trpc/server'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { whileWanted } from '../store/stoppable.ts'
import { createContext, type Surroundings } from '../trpc/context.ts'
import { BATCH_MAX } from '../trpc/init.ts'
import { appRouter } from '../trpc/router.ts'
import { sendProblem } from './problem.ts'
import { isFromOtherSite, isFromOwnPage, type OwnOrigin } from './same-origin.ts'
import { answerQueries, readQueries } from './trpc-queries.ts'
import { visitOf } from './visit.ts'

const BODY_MAX = 256 * 1024
/** As the library sends them. */
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', vary: 'trpc-accept, accept' }

/**
 * The dashboard's API. tRPC by itself executes mutations sent as forms from any site; before it sees a request, the
 * request must be JSON, from our own page, and small (reliability §0.9, §0.10).
 */
export function trpcRoutes(app: FastifyInstance, options: Surroundings & { own: OwnOrigin }): void {
  const { deps, auth, live, closing, own } = options
  app.removeAllContentTypeParsers()

  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    if (request.method === 'GET' || request.method === 'HEAD') {
      if (isFromOtherSite(request.headers))
        await sendProblem(request, reply, 403, 'other_origin', 'This must come from Paydesk itself.')
      return
    }
    if (!isFromOwnPage(request.headers, own)) {
      await sendProblem(request, reply, 403, 'other_origin', 'This must come from Paydesk itself.')
      return
    }
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (type !== 'application/json')
      await sendProblem(request, reply, 415, 'unsupported_media_type', 'Send the body as application/json.')
  })

  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body)
  })
  type Asked = { Params: { path: string }; Querystring: Record<string, unknown> }
  app.all<Asked>('/trpc/:path', { bodyLimit: BODY_MAX }, async (req, reply) => {
    const { path } = req.params
    const gone = leaving(reply)
    const context = createContext({ deps, auth, live, closing }, visitOf(req))
    const onError = ({ error, path: failed }: { error: TRPCError; path?: string | undefined }): void => {
      // Refusals are answers, and what was stopped is no fault; only our own faults are worth a line.
      if (error.code === 'INTERNAL_SERVER_ERROR' && !gone.aborted)
        deps.log.error({ err: error, path: failed, reqId: req.id }, 'procedure failed')
    }
    const queries = req.method === 'GET' ? readQueries(path, req.query, req.headers) : null
    if (queries !== null) {
      const { status, text } = await whileWanted(gone, () => answerQueries(queries, context, onError))
      // As bytes: a text would be encoded twice, for its length and for the wire.
      return reply.code(status).headers(JSON_HEADERS).send(Buffer.from(text))
    }
    const answer = await resolveResponse({
      req: incomingMessageToRequest(Object.assign(req.raw, { body: req.body }), reply.raw, {
        maxBodySize: null,
      }),
      path,
      router: appRouter,
      maxBatchSize: BATCH_MAX,
      error: null,
      createContext: () => Promise.resolve(context),
      onError,
    })
    await send(reply, answer)
    return reply
  })
}

/** Aborts when whoever asked hangs up before the answer. */
function leaving(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  return gone.signal
}

/**
 * Answers are whole by the time they are here, and go out in one write with their length; as a stream each would cost a
 * dozen promises and three writes. Live feeds and what is asked for as a stream stay streams.
 */
async function send(reply: FastifyReply, answer: Response): Promise<void> {
  if (answer.headers.get('content-type') !== 'application/json' || answer.headers.has('transfer-encoding')) {
    await reply.send(answer)
    return
  }
  const text = await answer.text()
  reply.code(answer.status).headers(Object.fromEntries(answer.headers))
  await reply.send(text)
}
