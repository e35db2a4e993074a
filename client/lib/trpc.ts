/** The connection to the server: one batched link for calls, one event stream for subscriptions. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { createTRPCContext, createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import type { AppRouter } from '../../server/trpc/router.ts'
import { watchActivity } from './activity.ts'
import { depart } from './departure.ts'
import { codeOf } from './errors.ts'
import { forwardOnly } from './forward-only.ts'
import { presentOnly } from './present-only.ts'
import { hashQueryKey } from './query-key.ts'
import { stepUpLink } from './step-up.ts'
import { clientTransformer } from './transformer.ts'

/** The server refuses larger batches. */
const BATCH_MAX = 10
/** A filter of 500 order ids is sent alone: Node takes 16 kB of request line and headers together. */
const URL_CHARS_MAX = 14_000
const LIST_STALE_MS = 15_000
const RETRY_MAX = 2

const activity = watchActivity(window, () => performance.now())

const batches = () =>
  httpBatchLink<AppRouter>({
    url: '/trpc',
    transformer: clientTransformer,
    maxItems: BATCH_MAX,
    maxURLLength: URL_CHARS_MAX,
    headers: () => activity.headers(),
  })

export const trpcClient = createTRPCClient<AppRouter>({
  links: [
    forwardOnly(),
    stepUpLink(),
    // Behind it: whoever comes next is not asked for a proof either.
    presentOnly(),
    splitLink({
      condition: (operation) => operation.type === 'subscription',
      true: httpSubscriptionLink({ url: '/trpc', transformer: clientTransformer }),
      false: splitLink({
        // What can be stopped travels apart: a request ends when nothing in it is wanted any more.
        condition: ({ signal }) => Boolean(signal),
        true: batches(),
        false: batches(),
      }),
    }),
  ],
})

let signedOut = () => {}

/** What to do when a call is answered "not signed in"; the router sets it. */
export function onSignedOut(handler: () => void): void {
  signedOut = handler
}

function noticeSignOut(error: unknown): void {
  if (codeOf(error) !== 'UNAUTHORIZED') return
  // Before whoever asked hears of it, and says it to nobody.
  depart()
  signedOut()
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignOut }),
  mutationCache: new MutationCache({ onError: noticeSignOut }),
  defaultOptions: {
    queries: {
      queryKeyHashFn: hashQueryKey,
      staleTime: LIST_STALE_MS,
      // A definite no stays a no; only a missing answer or a fault of ours is worth another try.
      retry: (failures, error) => {
        const code = codeOf(error)
        return failures < RETRY_MAX && (code === null || code === 'INTERNAL_SERVER_ERROR')
      },
    },
    // Nothing that may move money is ever sent twice by itself.
    mutations: { retry: false },
  },
})

export const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>()

/** The same options outside components (route loaders). */
export const trpcOptions = createTRPCOptionsProxy<AppRouter>({ client: trpcClient, queryClient })
