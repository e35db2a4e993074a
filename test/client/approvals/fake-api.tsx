/** The dashboard's API as a table of answers, for tests of screens. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { useState, type ReactNode } from 'react'
import { hashQueryKey } from '../../../client/lib/query-key.ts'
import { SessionContext, type Session } from '../../../client/lib/session.ts'
import { TRPCProvider } from '../../../client/lib/trpc.ts'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { permissionsOf, type Role } from '../../../server/domain/permission.ts'
import type { AppRouter } from '../../../server/trpc/router.ts'

export type Call = { path: string; input: unknown }
type Answer = (input: unknown) => unknown

/** An expected "no" as the server sends it. */
export class Refused {
  readonly code: string
  readonly message: string
  readonly refusal: string

  constructor(code: string, refusal: string, message: string) {
    this.code = code
    this.refusal = refusal
    this.message = message
  }
}

/** An answer that does not come. */
export const UNANSWERED = Symbol('unanswered')

/**
 * Answers by path; a path that is not in the table fails the test loudly. Calls are kept in order, and the paths of those
 * that were given up.
 */
export function fakeApi(answers: Readonly<Record<string, Answer>>) {
  const calls: Call[] = []
  const givenUp: string[] = []
  const link: TRPCLink<AppRouter> =
    () =>
    ({ op }) =>
      observable((observer) => {
        calls.push({ path: op.path, input: op.input })
        op.signal?.addEventListener('abort', () => givenUp.push(op.path))
        const answer = answers[op.path]
        if (!answer) throw new Error(`The test has no answer for ${op.path}`)
        const result = answer(op.input)
        if (result === UNANSWERED) return
        if (result instanceof Refused) observer.error(errorOf(result))
        else {
          observer.next({ result: { type: 'data', data: result } })
          observer.complete()
        }
      })
  return { calls, givenUp, client: createTRPCClient<AppRouter>({ links: [link] }) }
}

function errorOf({ code, refusal, message }: Refused): TRPCClientError<AppRouter> {
  const data = { code, refusal: { code: refusal, message, hint: null }, requestId: 'req_1' }
  const error = new TRPCClientError<AppRouter>(message)
  return Object.assign(error, { data })
}

/** Somebody signed in with `role` on an account in rupees. */
export function sessionOf(role: Role): Session {
  return {
    user: { id: '00000000-0000-4000-8000-000000000001', name: 'Rohan Das', email: 'rohan@example.com' },
    role,
    permissions: permissionsOf(role),
    account: { slug: 'demo', name: 'Demo', environment: 'sandbox', currency: 'INR' },
    hasSecondFactor: false,
    secondFactorRequired: false,
    demo: true,
  }
}

type AppProps = { api: ReturnType<typeof fakeApi>; role: Role; children: ReactNode }

/** Everything a screen finds around it, without router and server. */
export function TestApp({ api, role, children }: AppProps) {
  // One for all renders, as in the dashboard: what was read stays while pages change.
  const [queryClient] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: false, queryKeyHashFn: hashQueryKey } } }),
  )
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={api.client} queryClient={queryClient}>
        <KitProvider>
          <SessionContext value={sessionOf(role)}>{children}</SessionContext>
        </KitProvider>
      </TRPCProvider>
    </QueryClientProvider>
  )
}
