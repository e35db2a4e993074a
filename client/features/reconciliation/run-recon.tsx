import { useMutation } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import { tellChecked } from '../../lib/check-report.ts'
import { runChecks, useCheckRun } from '../../lib/check-run.ts'
import { presence } from '../../lib/departure.ts'
import { useCan } from '../../lib/session.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import type { ReconKind, ReconResult } from './recon-types.ts'

/** Orders of one run: each is a call to Juspay, which has a budget of them. */
export const CHECK_MAX = 200

const WHICH: Readonly<Record<ReconKind, string>> = {
  disagree: 'on which our records and Juspay’s disagree',
  stale: 'that should have been final long ago',
}

export type RunReconProps = {
  kind: ReconKind
  /** Null while the list is on its way. */
  count: number | null
  /** There are more than are counted. */
  more: boolean
  /** The orders of the list from its top, at most so many. */
  read: (max: number) => Promise<readonly string[]>
  onResults: (results: readonly ReconResult[]) => void
  onEnd: () => Promise<unknown>
  /** Somebody came to run it: they are asked, of which `onReached` is told. */
  wanted: boolean
  onReached: () => void
}

/** Asks Juspay about all orders of the list, without choosing them one by one (design §4.9, "Run now"). */
export function RunRecon(props: RunReconProps) {
  const { count, wanted } = props
  const can = useCan('recon:run')
  const running = useCheckRun() !== null
  const start = useRun(props)
  const reason =
    can.reason ??
    (running ? 'Orders are being checked already.' : count === 0 ? 'There is nothing to check here.' : null)
  const reach = useEffectEvent(() => {
    props.onReached()
    if (reason === null) void start()
  })
  const ready = wanted && count !== null
  useEffect(() => {
    if (ready) reach()
  }, [ready])
  return (
    <ActionButton
      tone="quiet"
      disabledReason={reason}
      busy={count === null}
      shortcut={{ id: 'recon.run', label: 'Run reconciliation' }}
      onPress={() => void start()}
    >
      Run now
    </ActionButton>
  )
}

function useRun({ kind, count, more, read, onResults, onEnd }: RunReconProps): () => Promise<void> {
  const part = useMutation(useTRPC().recon.run.mutationOptions())

  async function run() {
    const here = presence()
    try {
      const orderIds = await read(CHECK_MAX)
      const end = await runChecks(orderIds, async (ids) => {
        const found = await part.mutateAsync({ orderIds: ids })
        onResults(found)
        return found
      })
      if (end !== null) tellChecked(end.results, end)
    } catch (error) {
      if (here()) tellActProblem(error)
    } finally {
      if (here()) await onEnd()
    }
  }

  return async () => {
    const some = count ?? 0
    const sure = await confirm({
      title: 'Run reconciliation?',
      next: [
        more || some > CHECK_MAX
          ? `Juspay is asked about at most ${CHECK_MAX} orders ${WHICH[kind]}, from the top of the list.`
          : `Juspay is asked about ${some} ${some === 1 ? 'order' : 'orders'} ${WHICH[kind]}.`,
        'What it answers is applied as a webhook would be; no money moves.',
        'You can go on meanwhile, and stop it.',
      ],
      verb: 'Run now',
      run: () => Promise.resolve({ kind: 'done' }),
    })
    if (sure) await run()
  }
}
