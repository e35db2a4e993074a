import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { outcomeOf } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { announce } from '../../ui/announcer.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import type { EventRow, ReplayResult } from './event-types.ts'
import { eventSpoken, replayHelped } from './event-words.ts'

/** Events one call may replay; the server refuses more. */
export const REPLAY_MAX = 200

export type Replayed = { result: ReplayResult; event: EventRow | null }

/** Asks for confirmation, replays, and keeps what came of each event for the screen. */
export function useReplay() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [results, setResults] = useState<readonly Replayed[]>([])
  const run = useMutation(
    trpc.events.replay.mutationOptions({
      onSettled: () => {
        void client.invalidateQueries({ queryKey: trpc.events.pathKey() })
        void client.invalidateQueries({ queryKey: trpc.session.counts.queryKey() })
      },
    }),
  )

  /** `events` in any order; they are replayed oldest first, so that each order keeps its order. */
  async function replay(events: readonly EventRow[]) {
    const oldestFirst = events
      .slice(0, REPLAY_MAX)
      .toSorted((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime())
    const [first] = oldestFirst
    if (!first) return
    await confirm({
      title:
        oldestFirst.length === 1 ? `Replay ${eventSpoken(first)}?` : `Replay ${oldestFirst.length} events?`,
      next: [
        'The saved bodies run through the same steps again, oldest first.',
        'This can change the status of orders. It never moves money.',
        'What was applied before is not applied twice.',
      ],
      verb: oldestFirst.length === 1 ? 'Replay' : `Replay ${oldestFirst.length} events`,
      run: () =>
        outcomeOf(async () => {
          const answers = await run.mutateAsync({ ids: oldestFirst.map((event) => event.id) })
          const byId = new Map(oldestFirst.map((event) => [event.id, event]))
          setResults(answers.map((result) => ({ result, event: byId.get(result.id) ?? null })))
          announce(replaySummary(answers))
        }),
    })
  }

  return { replay, results, busy: run.isPending, clear: () => setResults([]) }
}

/** "3 replayed. 2 went through, 1 failed again." */
export function replaySummary(results: readonly ReplayResult[]): string {
  const helped = results.filter(({ outcome }) => replayHelped(outcome)).length
  const rest = results.length - helped
  if (rest === 0) return `${results.length} replayed. ${results.length === 1 ? 'It' : 'All'} went through.`
  if (helped === 0)
    return `${results.length} replayed. ${results.length === 1 ? 'It did not go through.' : 'None went through.'}`
  return `${results.length} replayed. ${helped} went through, ${rest} did not.`
}
