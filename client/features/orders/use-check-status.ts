import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toActProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { toast } from '../../ui/toasts.tsx'

/** Asks Juspay about one order now; what it says is applied like a webhook, and the screens are renewed. */
export function useCheckStatus() {
  const trpc = useTRPC()
  const client = useQueryClient()
  return useMutation(
    trpc.orders.checkStatus.mutationOptions({
      onSettled: () => client.invalidateQueries({ queryKey: trpc.orders.pathKey() }),
    }),
  )
}

/** Asks Juspay about up to 200 orders and says in a toast what came of it; the rows carry the result. */
export function useCheckMany() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const run = useMutation(
    trpc.recon.run.mutationOptions({
      onSettled: () => client.invalidateQueries({ queryKey: trpc.orders.pathKey() }),
    }),
  )
  async function check(orderIds: string[]) {
    try {
      const results = await run.mutateAsync({ orderIds })
      const changed = results.filter((result) => result.changes.length > 0)
      const named = changed.slice(0, 3).map((result) => result.orderRef)
      const more = changed.length > named.length ? ` and ${changed.length - named.length} more` : ''
      toast.success(
        `Checked ${results.length}. ${changed.length === 0 ? 'None changed.' : `${changed.length} changed: ${named.join(', ')}${more}.`}`,
      )
    } catch (error) {
      const { title, message } = toActProblem(error)
      toast.error(title, message)
    }
  }
  return { check, busy: run.isPending }
}
