/**
 * `POST /webhooks/juspay/:account`: authenticate, commit the raw bytes, answer 200. Nothing else happens on this path:
 * no parsing that can fail, no call to Juspay, no processing (reliability §3.1, API reference §6.5).
 */
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { RejectionCause } from '../domain/rejection.ts'
import type { Deps } from '../services/deps.ts'
import { storeDeliveries } from '../services/webhooks/store-deliveries.ts'
import type { NewDelivery, StoredDelivery } from '../store/webhook-intake.ts'
import { attemptOf, authenticate, type WebhookAccount } from './authenticate.ts'
import { readEnvelope } from './envelope.ts'
import { createGroupCommit, type GroupCommit } from './group-commit.ts'
import { rejectionRecorder } from './rejections.ts'

/** Largest body taken; typical ones are a few KB. The table has the same limit. */
export const BODY_MAX_BYTES = 2 * 1024 * 1024
/** Juspay waits about five seconds; we say that we cannot store long before. */
const STORE_TIMEOUT_MS = 1_700
/** What storing always gets, however long the sender took over its body. */
const STORE_MIN_MS = 800
const RETRY_AFTER_SECONDS = 30

/** Headers kept with an event. Credentials are not among them. */
const KEPT_HEADERS = [
  'content-type',
  'content-encoding',
  'content-length',
  'user-agent',
  'date',
  'x-request-id',
]
const HEADER_MAX = 512

export type WebhookRoutesOptions = {
  deps: Deps
  /**
   * The account of a slug, with its passwords; null when there is none. May reject when nothing is known yet. `fresh`
   * is asked before a refusal: the account may be newer than what is `kept`.
   */
  accountOf: (slug: string, how: 'kept' | 'fresh') => Account | Promise<Account>
  /** Counts for whoever watches the process. */
  tally?: { stored(result: 'accepted' | 'duplicate'): void; refused(cause: RejectionCause): void }
}

type Account = WebhookAccount | null

type Route = { Params: { account: string }; Body: Buffer | undefined }

declare module 'fastify' {
  interface FastifyRequest {
    webhookAccount: WebhookAccount | null
    /** When, on the monotonic clock, waiting for the database ends. */
    webhookDeadline: number
    /** Headers to keep, as sent. */
    webhookHeaders: Readonly<Record<string, string>>
  }
}

/** The receiver, as an encapsulated plugin: its body parser and error answers stay on its own route. */
export function webhookRoutes(options: WebhookRoutesOptions): FastifyPluginAsync {
  return async (app) => {
    const { deps, accountOf } = options
    const intake = createGroupCommit<NewDelivery, StoredDelivery>({
      write: (deliveries) => storeDeliveries(deps, deliveries),
      bytesOf: (delivery) => delivery.body.byteLength,
      isOfContent,
    })
    const recorder = rejectionRecorder(deps)
    app.addHook('onClose', () => recorder.close())
    const reject = (request: FastifyRequest, cause: RejectionCause): void => {
      const { webhookAccount: account, headers } = request
      options.tally?.refused(cause)
      recorder.record({
        cause,
        accountId: account?.id ?? null,
        slug: slugOf(request),
        remoteAddress: request.ip,
        detail: {
          ...attemptOf(headers.authorization, account),
          contentLength: lengthOf(headers['content-length']),
          userAgent: headers['user-agent']?.slice(0, HEADER_MAX) ?? null,
        },
      })
    }
    app.decorateRequest('webhookAccount', null)
    app.decorateRequest('webhookDeadline', 0)
    app.decorateRequest('webhookHeaders')
    // What is logged here names its request by itself; a logger of its own for each costs as much as storing it.
    app.setChildLoggerFactory((logger) => logger)
    acceptAnyBytes(app)
    answerErrors(app, deps, reject)
    app.post<Route>(
      '/webhooks/juspay/:account',
      {
        bodyLimit: BODY_MAX_BYTES,
        // No browser reads these answers.
        config: { securityHeaders: false },
        onRequest: (request, reply) => admit(request, reply, accountOf, reject),
      },
      (request, reply) => receive(options, intake, request, reply),
    )
  }
}

/** Every content type, and none, gives the bytes as they are. */
function acceptAnyBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body)
  })
}

/** Before the body is read: a stranger's bytes are never buffered. */
async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  accountOf: WebhookRoutesOptions['accountOf'],
  reject: (request: FastifyRequest, cause: RejectionCause) => void,
): Promise<FastifyReply | undefined> {
  request.webhookDeadline = performance.now() + STORE_TIMEOUT_MS
  const { authorization } = request.headers
  let account = await before(request.webhookDeadline, accountOf(slugOf(request), 'kept'))
  let known = authenticate(authorization, account)
  if (!known) {
    // The same for an unknown address and a wrong password: the time tells them apart no more than before.
    account = await before(request.webhookDeadline, accountOf(slugOf(request), 'fresh'))
    known = authenticate(authorization, account)
  }
  if (account === null) {
    reject(request, 'unknown_account')
    return answer(request, reply, 404, 'not_found', 'There is no such webhook address.')
  }
  request.webhookAccount = account
  request.webhookHeaders = keptHeaders(request)
  // The parser's choice is by type, and a type that is no type would be refused: to us all are bytes.
  request.raw.headers['content-type'] = 'application/octet-stream'
  if (known) return undefined
  reject(request, 'wrong_credentials')
  void reply.header('www-authenticate', 'Basic realm="webhooks"')
  return answer(request, reply, 401, 'unauthorised', 'The webhook user name or password is wrong.')
}

async function receive(
  { deps, tally }: WebhookRoutesOptions,
  intake: GroupCommit<NewDelivery, StoredDelivery>,
  request: FastifyRequest<Route>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const account = request.webhookAccount
  if (account === null) throw new Error('a delivery was not authenticated')
  const body = request.body ?? Buffer.alloc(0)
  const delivery = {
    ...readEnvelope(body),
    accountId: account.id,
    body,
    headers: request.webhookHeaders,
    remoteAddress: request.ip,
    receivedAt: deps.clock.now(),
  }
  // A slow sender must not use up the time the database has.
  const deadline = Math.max(request.webhookDeadline, performance.now() + STORE_MIN_MS)
  const { deliveryCount } = await intake.submit(delivery, deadline)
  tally?.stored(deliveryCount === 1 ? 'accepted' : 'duplicate')
  return reply.code(200).type('application/json').send('{"status":"ok"}')
}

/** Anything that keeps us from storing is 503, so that Juspay sends again; a retry of a stored event is a duplicate. */
function answerErrors(
  app: FastifyInstance,
  deps: Deps,
  reject: (request: FastifyRequest, cause: RejectionCause) => void,
): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error.statusCode === 413) {
      reject(request, 'too_large')
      void reply.header('connection', 'close')
      return answer(request, reply, 413, 'too_large', 'The body is larger than 2 MiB.')
    }
    deps.log.error(
      { slug: slugOf(request), error: error.message, code: error.code },
      'a webhook could not be stored',
    )
    void reply.header('retry-after', String(RETRY_AFTER_SECONDS))
    return answer(request, reply, 503, 'unavailable', 'The event could not be stored. Send it again.')
  })
}

/** Data that no row takes (SQLSTATE class 22), a constraint (23) or a limit (54): the fault of one delivery's content. */
function isOfContent(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^(?:22|23|54)/.test(error.code)
  )
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
): FastifyReply {
  return reply
    .code(status)
    .type('application/json')
    .send({ error: { code, message, requestId: request.id } })
}

function slugOf(request: FastifyRequest): string {
  const { params } = request
  const slug: unknown =
    typeof params === 'object' && params !== null && 'account' in params ? params.account : null
  return typeof slug === 'string' ? slug.slice(0, 64) : ''
}

function lengthOf(header: string | undefined): number | null {
  const length = Number(header)
  return header !== undefined && Number.isSafeInteger(length) ? length : null
}

function keptHeaders(request: FastifyRequest): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of KEPT_HEADERS) {
    const value = request.headers[name]
    if (typeof value === 'string') kept[name] = value.slice(0, HEADER_MAX)
  }
  return kept
}

/** Rejects when `work` is not done by `deadline`; the work itself goes on and its result is dropped. */
async function before<T>(deadline: number, work: T | Promise<T>): Promise<T> {
  if (!(work instanceof Promise)) return work
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, refuse) => {
    const late = (): void => refuse(new Error('the database did not answer in time'))
    timer = setTimeout(late, Math.max(0, deadline - performance.now()))
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
