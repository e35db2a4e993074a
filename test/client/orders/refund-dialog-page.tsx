/** The refund dialog over a table of answers, for tests of its states. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { expect, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { RefundDialog } from '../../../client/features/refunds/refund-dialog.tsx'
import { hashQueryKey } from '../../../client/lib/query-key.ts'
import { TRPCProvider } from '../../../client/lib/trpc.ts'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import type { AppRouter } from '../../../server/trpc/router.ts'

export const ORDER_ID = '835d9e6d-8c81-4d60-bcc3-c8ef61bf3000'

export const preview = {
  orderId: ORDER_ID,
  orderRef: 'ord_8F2K1QX3',
  version: 3,
  currency: 'INR',
  amountMinor: 1_299_900n,
  chargedAt: new Date(),
  leftMinor: 749_900n,
  destination: 'Mastercard ··8210 through Cashfree',
  customerName: 'S. Iyer',
  reasons: [
    { code: 'item_returned', label: 'Item returned', noteMinLength: 0, approvalAboveMinor: 200_000n },
    { code: 'other', label: 'Other', noteMinLength: 10, approvalAboveMinor: 200_000n },
  ],
  approvalAboveMinor: 200_000n,
  needsApprovalAlways: false,
  approvers: ['Rohan Das', 'Priya Shah'],
  nearLine: { overMinor: 180_000n, upToMinor: 200_000n, today: 0 },
  limit: null,
  stop: null,
  choice: null,
  sameAmountRecently: null,
  block: null,
}

export const row = {
  id: 'r1',
  amountMinor: 150_000n,
  currency: 'INR',
  where: 'Queued at Juspay',
  uniqueRequestId: 'PDX1',
}
export const sent = {
  request: { ...row, status: 'pending' },
  refund: { ...row, status: 'pending' },
  message: '',
}

/** What the server answers to one procedure; an Error is an answer that never arrived. */
type Answers = Partial<Record<string, (input: unknown) => unknown>>

/** What is so in most tests. */
const USUAL: Answers = { 'health.provider': () => ({ state: 'unknown' }), 'stops.inForce': () => [] }

export function refused(code: string, message: string) {
  return TRPCClientError.from({
    error: {
      code: -32600,
      message,
      data: { code: 'BAD_REQUEST', refusal: { code, message, hint: 'Use less.' }, requestId: 'x' },
    },
  })
}

/** Opens the dialog. `sent`: it was sent before, and its answer was lost. */
export async function open(answers: Answers, how: { sent?: boolean } = {}) {
  if (how.sent) {
    const draft = {
      clientKey: '0123456789abcdef',
      amount: '1500',
      reason: 'item_returned',
      note: '',
      sent: true,
    }
    sessionStorage.setItem(`paydesk.refund.${ORDER_ID}`, JSON.stringify(draft))
  }
  const calls: { path: string; input: unknown }[] = []
  const link: TRPCLink<AppRouter> =
    () =>
    ({ op }) =>
      observable((observer) => {
        calls.push({ path: op.path, input: op.input })
        void Promise.resolve((answers[op.path] ?? USUAL[op.path])?.(op.input)).then((data) => {
          if (data instanceof Error) observer.error(TRPCClientError.from(data))
          else {
            observer.next({ result: { type: 'data', data } })
            observer.complete()
          }
        })
      })
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, queryKeyHashFn: hashQueryKey }, mutations: { retry: false } },
  })
  const onClose = vi.fn()
  const screen = await render(
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={createTRPCClient<AppRouter>({ links: [link] })} queryClient={queryClient}>
        <KitProvider>
          <RefundDialog orderId={ORDER_ID} orderRef="ord_8F2K1QX3" onClose={onClose} />
        </KitProvider>
      </TRPCProvider>
    </QueryClientProvider>,
  )
  await expect.element(screen.getByRole('dialog')).toBeVisible()
  const asked = () => calls.filter((call) => call.path === 'refunds.request')
  return { screen, calls, asked, onClose, client: queryClient }
}

export async function fill(screen: Awaited<ReturnType<typeof open>>['screen'], amount: string) {
  await screen.getByLabelText('Amount', { exact: true }).fill(amount)
  await screen.getByLabelText('Reason').selectOptions('item_returned')
}
