import { createFileRoute } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { ReturnScreen } from '../../features/checkout/return-screen.tsx'

const WORD_CHARS_MAX = 64

const word = z.catch(z.coerce.string().check(z.maxLength(WORD_CHARS_MAX)), '')

/** The names are those that `/payments/return` puts into the shop's return page address. */
export const Route = createFileRoute('/_app/checkout/return')({
  validateSearch: z.object({ order_id: z._default(word, ''), status: z.optional(word) }),
  component: Return,
})

function Return() {
  const { order_id: orderRef, status } = Route.useSearch()
  return <ReturnScreen key={orderRef} orderRef={orderRef} told={status ?? ''} />
}
