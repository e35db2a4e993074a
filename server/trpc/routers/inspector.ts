import { z } from 'zod'
import { inspect } from '../../services/sdk/inspect.ts'
import { procedure, router } from '../init.ts'
import type { Inspection } from '../../domain/inspection.ts'

const TEXT_MAX = 100_000
const SIGNATURE_MAX = 4_000

const pasted = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('payload'),
    text: z.string().max(TEXT_MAX),
    signature: z.string().max(SIGNATURE_MAX).default(''),
    merchantKeyId: z.string().max(200).default(''),
  }),
  z.strictObject({ kind: z.literal('return'), text: z.string().max(TEXT_MAX) }),
  z.strictObject({
    kind: z.literal('webhook'),
    authorization: z.string().max(SIGNATURE_MAX).default(''),
    body: z.string().max(TEXT_MAX).default(''),
  }),
])

/** For developers of the merchant. A mutation, so that what was pasted never stands in an address or a cache. */
export const inspectorRouter = router({
  inspect: procedure('settings:read')
    .input(pasted)
    .mutation(({ ctx, input }): Promise<Inspection> => inspect(ctx.deps, ctx.signedIn, input)),
})
