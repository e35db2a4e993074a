import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { StaffAuth } from '../auth/staff-auth.ts'
import { exactNumberText } from '../domain/exact-number.ts'
import { inputIssueText } from '../domain/input-issue.ts'
import type { Permission } from '../domain/permission.ts'
import { Refusal } from '../domain/refusal.ts'
import { REFUND_ORIGINS } from '../domain/refund.ts'
import type { ReplayScope } from '../domain/replay.ts'
import type { AppDeps } from '../services/deps.ts'
import { exportRefunds } from '../services/refunds/export-refunds.ts'
import { downloadBodies, downloadReplay, type StoredBody } from '../services/webhooks/replay-download.ts'
import { REFUND_VIEWS } from '../store/refund-reads.ts'
import { timeRange } from '../trpc/inputs.ts'
import { replayScope } from '../trpc/replay-inputs.ts'
import { showBody } from '../trpc/views/masking.ts'
import { demandPerson, sendFile, TABLE_TYPES, whileAllowed } from './files.ts'
import { isFromOtherSite } from './same-origin.ts'
import { sendProblem } from './problem.ts'

/** A scope with 200 ids is about 8 KB of JSON. */
const SCOPE_TEXT_MAX = 12_000
/** As in the list itself. */
const REFUND_TEXT_MAX = 200

/**
 * Files that a person takes away: streamed, with the same checks as a call of the API. A link on another site leads
 * nowhere: the file would be saved without anybody having asked for it, and the audit log would name the person.
 */
export function downloadRoutes(
  app: FastifyInstance,
  { deps, auth }: { deps: AppDeps; auth: StaffAuth },
): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    if (isFromOtherSite(request.headers))
      await sendProblem(request, reply, 403, 'other_origin', 'This must come from Paydesk itself.')
  })

  const demand = (request: FastifyRequest, permission: Permission) =>
    demandPerson({ deps, auth }, request, permission)

  app.get('/downloads/event-bodies.ndjson', async (request, reply) => {
    const actor = await demand(request, 'event:payload')
    const bodies = await downloadBodies(deps, actor, scopeOf(request.query))
    const pieces = whileAllowed({ deps, auth }, actor, {
      pieces: bodyLines(bodies),
      permissions: ['event:payload'],
    })
    return sendFile(reply, Readable.from(pieces), 'application/x-ndjson', 'event-bodies.ndjson')
  })

  for (const kind of ['csv', 'xlsx'] as const) {
    const name = `refunds.${kind}`
    app.get(`/downloads/${name}`, async (request, reply) => {
      const actor = await demand(request, 'export:create')
      const file = await exportRefunds(deps, actor, { ...refundFilterOf(request.query), kind })
      const pieces = whileAllowed({ deps, auth }, actor, { pieces: file, permissions: ['export:create'] })
      return sendFile(reply, Readable.from(pieces), TABLE_TYPES[kind], name)
    })
  }

  app.get('/downloads/replays/:file', async (request, reply) => {
    const actor = await demand(request, 'event:read')
    const { file } = z.object({ file: z.string() }).parse(request.params)
    const jobId = z.uuid().safeParse(file.replace(/\.csv$/, ''))
    if (!jobId.success) throw new Refusal('not_found', 'There is no such replay.')
    const lines = await downloadReplay(deps, actor, { jobId: jobId.data })
    const pieces = whileAllowed({ deps, auth }, actor, { pieces: lines, permissions: ['event:read'] })
    return sendFile(reply, Readable.from(pieces), 'text/csv', `replay-${jobId.data}.csv`)
  })
}

const refundsQuery = z.object({
  view: z.enum(REFUND_VIEWS).default('all'),
  q: z.string().max(REFUND_TEXT_MAX).default(''),
  gateway: z.string().max(REFUND_TEXT_MAX).nullable().default(null),
  origin: z.enum(REFUND_ORIGINS).nullable().default(null),
  settled: timeRange.nullable().default(null),
})

function refundFilterOf(given: unknown) {
  const parsed = refundsQuery.safeParse(given)
  if (!parsed.success) throw new Refusal('invalid_input', inputIssueText(parsed.error))
  return parsed.data
}

const query = z.object({ scope: z.string().max(SCOPE_TEXT_MAX) })

function scopeOf(given: unknown): ReplayScope {
  const { data } = query.safeParse(given)
  if (data === undefined) throw new Refusal('invalid_input', 'Say which events to download.')
  const parsed = replayScope.safeParse(jsonOf(data.scope))
  if (!parsed.success) throw new Refusal('invalid_input', inputIssueText(parsed.error))
  return parsed.data
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('invalid_input', 'The scope is not JSON.')
  }
}

async function* bodyLines(bodies: AsyncIterable<StoredBody>): AsyncGenerator<string, void, void> {
  for await (const { id, eventName, receivedAt, body } of bodies) {
    const { json, text } = showBody(body)
    const line = {
      id,
      event_name: eventName,
      received_at: receivedAt,
      ...(text === null ? { body: json } : { text }),
    }
    yield `${JSON.stringify(line, (_key, value: unknown) => plainNumber(value))}\n`
  }
}

/** A number that reading would change (1.00, or more digits than a float has) is written as the text that was sent. */
function plainNumber(value: unknown): unknown {
  return exactNumberText(value) ?? value
}
