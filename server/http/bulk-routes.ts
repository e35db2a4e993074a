import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { BULK_FILE_MAX } from '../domain/bulk-row.ts'
import { inputIssueText } from '../domain/input-issue.ts'
import { Refusal } from '../domain/refusal.ts'
import { createBatchFromFile } from '../services/bulk/create-batch.ts'
import { downloadBatch, templateFile } from '../services/bulk/download-batch.ts'
import type { AppDeps } from '../services/deps.ts'
import type { StaffAuth } from '../auth/staff-auth.ts'
import { demandPerson, sendFile, TABLE_TYPES, whileAllowed } from './files.ts'
import { sendProblem } from './problem.ts'
import { isFromOtherSite, isFromOwnPage, type OwnOrigin } from './same-origin.ts'

/** A sheet of 5 MB and nothing else; the service says so in words before Fastify does. */
const BODY_MAX = BULK_FILE_MAX + 1_024

const upload = z.strictObject({
  name: z.string().max(400).default(''),
  requestKey: z.string().min(8).max(100),
})

/**
 * Files of bulk refunds: one comes in, results go out. The same checks as a call of the API: only our own page may
 * send a file, and a link on another site leads nowhere.
 */
export function bulkRoutes(
  app: FastifyInstance,
  { deps, auth, own }: { deps: AppDeps; auth: StaffAuth; own: OwnOrigin },
): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_MAX }, (_request, body, done) => {
    done(null, body)
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const reads = request.method === 'GET' || request.method === 'HEAD'
    const foreign = reads ? isFromOtherSite(request.headers) : !isFromOwnPage(request.headers, own)
    if (foreign) await sendProblem(request, reply, 403, 'other_origin', 'This must come from Paydesk itself.')
  })

  app.post('/uploads/bulk-refunds', { bodyLimit: BODY_MAX }, async (request, reply) => {
    const actor = await demandPerson({ deps, auth }, request, 'refund:bulk')
    const query = upload.safeParse(request.query)
    if (!query.success) throw new Refusal('invalid_input', inputIssueText(query.error))
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const { id } = await createBatchFromFile(deps, actor, { bytes, ...query.data })
    return reply.send({ batchId: id })
  })

  app.get('/downloads/bulk-template.csv', async (request, reply) => {
    await demandPerson({ deps, auth }, request, 'refund:bulk')
    return sendFile(reply, Readable.from([templateFile()]), 'text/csv', 'bulk_refunds.csv')
  })

  app.get('/downloads/bulk/:batchId.:kind', async (request, reply) => {
    const actor = await demandPerson({ deps, auth }, request, 'refund:bulk')
    const params = z.object({ batchId: z.uuid(), kind: z.enum(['csv', 'xlsx']) }).safeParse(request.params)
    if (!params.success) throw new Refusal('not_found', 'There is no such file.')
    const { name, content } = await downloadBatch(deps, actor, params.data)
    const pieces = whileAllowed({ deps, auth }, actor, { pieces: content, permissions: ['refund:bulk'] })
    return sendFile(reply, Readable.from(pieces), TABLE_TYPES[params.data.kind], name)
  })
}
