import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { tellChecked } from '../../lib/check-report.ts'
import { runChecks, useCheckRun } from '../../lib/check-run.ts'
import { presence } from '../../lib/departure.ts'
import { renewOrders } from '../../lib/renew-orders.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import type { SelectedRows } from './use-selection.ts'

/**
 * Asks Juspay about up to 200 orders, a few at a time, and says in a toast what came of it; the rows carry the result. It
 * goes on while the person is elsewhere in the dashboard.
 */
export function useCheckMany() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const part = useMutation(trpc.orders.checkMany.mutationOptions())
  const running = useCheckRun() !== null
  const [reading, setReading] = useState(false)

  async function check(read: () => Promise<SelectedRows>) {
    const here = presence()
    setReading(true)
    try {
      const { rows, changed } = await read()
      setReading(false)
      if (!here()) return
      const orderIds = rows.map(({ id }) => id)
      const end = await runChecks(orderIds, (ids) => part.mutateAsync({ orderIds: ids }))
      if (end === null) return
      tellChecked(end.results, { ...end, changed })
      await renewOrders(client, trpc)
    } catch (error) {
      setReading(false)
      if (!here()) return
      tellActProblem(error)
    }
  }
  return { check, busy: reading, reason: running ? 'Orders are being checked already.' : null }
}
