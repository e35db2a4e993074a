import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { StaffAuth } from '../auth/staff-auth.ts'
import { Refusal } from '../domain/refusal.ts'
import type { AppDeps } from '../services/deps.ts'
import { fetchExport } from '../services/exports/request-export.ts'
import { demandPerson, sendFile, TABLE_TYPES, whileAllowed } from './files.ts'
import { sendProblem } from './problem.ts'
import { isFromOtherSite } from './same-origin.ts'

/** Files of the transactions list, streamed from where they are kept. A link on another site leads nowhere. */
export function exportRoutes(app: FastifyInstance, { deps, auth }: { deps: AppDeps; auth: StaffAuth }): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    if (isFromOtherSite(request.headers))
      await sendProblem(request, reply, 403, 'other_origin', 'This must come from Paydesk itself.')
  })

  app.get('/downloads/exports/:exportId', async (request, reply) => {
    const actor = await demandPerson({ deps, auth }, request, 'export:create')
    const params = z.object({ exportId: z.guid() }).safeParse(request.params)
    if (!params.success) throw new Refusal('not_found', 'There is no such file.')
    const file = await fetchExport(deps, actor, params.data)
    reply.header('content-length', String(file.bytes))
    const pieces = whileAllowed({ deps, auth }, actor, file)
    return sendFile(reply, Readable.from(pieces), TABLE_TYPES[file.format], file.fileName)
  })
}
