import { useMutation, useQueryClient } from '@tanstack/react-query'
import { outcomeOf } from '../../lib/errors.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { eventsText } from '../../lib/replay-words.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { confirm } from '../../ui/confirm-store.ts'
import { toast } from '../../ui/toasts.tsx'
import type { ReplayScope } from './replay-many-dialog.tsx'

/** What a person may do about failed events besides replaying them. */
export function useFailedActs() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const retry = useMutation(trpc.failedEvents.retryNow.mutationOptions())
  const ignore = useMutation(trpc.failedEvents.ignore.mutationOptions())
  const renew = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: trpc.failedEvents.pathKey() }),
      client.invalidateQueries({ queryKey: trpc.events.pathKey() }),
      client.invalidateQueries({ queryKey: trpc.session.counts.queryKey() }),
    ])
  return {
    busy: retry.isPending || ignore.isPending,
    /** Tries them again at once; answers whether that was begun. */
    retryNow: async (scope: ReplayScope): Promise<boolean> => {
      try {
        const { count } = await retry.mutateAsync({ scope })
        toast.success(`${eventsText(count)} tried again now.`)
        return true
      } catch (error) {
        tellActProblem(error)
        return false
      } finally {
        await renew()
      }
    },
    /** Asks for a reason and sets them aside; answers whether it was done. */
    ignore: async (scope: ReplayScope, count: number, what: string): Promise<boolean> => {
      const done = await confirm({
        title: `Ignore ${eventsText(count)}?`,
        facts: [{ label: 'Events', value: what }],
        next: [
          'They leave this list and are not tried again.',
          'What became of them stays on record, under Ignored.',
          'A replay takes it back.',
        ],
        requireReason: 'Why they can be ignored',
        verb: `Ignore ${eventsText(count)}`,
        run: ({ reason }) => outcomeOf(() => ignore.mutateAsync({ scope, reason })),
      })
      if (done) await renew()
      return done
    },
  }
}
