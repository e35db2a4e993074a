import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useKit } from '../ui/kit-context.ts'
import { toast } from '../ui/toasts.tsx'
import { checkText, isAnswered } from './check-words.ts'
import { toActProblem } from './errors.ts'
import { renewOrders } from './renew-orders.ts'
import { useTRPC } from './trpc.ts'

/** Asks Juspay about one order now; what it says is applied like a webhook, and the screens are renewed. */
export function useCheckStatus() {
  const trpc = useTRPC()
  const client = useQueryClient()
  return useMutation(
    trpc.orders.checkStatus.mutationOptions({
      // The answer is not kept back until all of that has come.
      onSettled: () => void renewOrders(client, trpc),
    }),
  )
}

/** Asks Juspay about one order of a list; the answer is a toast, and the row follows the live feed. */
export function useCheckRow() {
  const check = useCheckStatus()
  const { timeZone } = useKit()
  async function checkRow({ id, orderRef }: { id: string; orderRef: string }) {
    try {
      const answer = await check.mutateAsync({ orderId: id })
      if (isAnswered(answer)) toast.success(`${orderRef}: ${checkText(answer, timeZone)}`)
      else toast.error(`No new status for ${orderRef}.`, answer.message)
    } catch (error) {
      const problem = toActProblem(error)
      toast.error(problem.title, problem.message)
    }
  }
  return { checkRow, checking: check.isPending }
}
