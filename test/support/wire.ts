/** Calls of the dashboard's API as bytes: what leaves the server, whatever a client would make of it. */
import { clientTransformer } from '../../client/lib/transformer.ts'
import { isQuery } from '../../server/http/trpc-queries.ts'
import { appRouter } from '../../server/trpc/router.ts'
import type { SignedIn } from './app.ts'

const procedures = Object.entries<unknown>(appRouter._def.procedures)
const namesOf = (wanted: (procedure: unknown) => boolean): string[] =>
  procedures.flatMap(([path, procedure]) => (wanted(procedure) ? [path] : [])).toSorted()

/** Paths of all queries of the router. */
export const queryNames = (): string[] => namesOf(isQuery)

/** Paths of everything else: what changes something, and the live feed. */
export const actNames = (): string[] => namesOf((procedure) => !isQuery(procedure))

/** The answer of a query. */
export async function readText(person: SignedIn, path: string, input: unknown): Promise<string> {
  const text = encodeURIComponent(JSON.stringify(clientTransformer.serialize(input)))
  return (await person.fetch(`/trpc/${path}?input=${text}`)).text()
}

/** The answer of a mutation. */
export async function actText(person: SignedIn, path: string, input: unknown): Promise<string> {
  const reply = await person.fetch(`/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(clientTransformer.serialize(input)),
  })
  return reply.text()
}
