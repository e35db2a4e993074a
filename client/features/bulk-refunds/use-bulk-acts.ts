import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '../../lib/trpc.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { announce } from '../../ui/announcer.tsx'

/** Everything that can be done with a batch; the page and the sidebar's count are renewed after each. */
export function useBulkActs() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const options = {
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: trpc.bulk.pathKey() }),
        client.invalidateQueries({ queryKey: trpc.session.counts.queryKey() }),
      ]),
  }
  const mapColumns = useMutation(trpc.bulk.mapColumns.mutationOptions(options))
  const fixRow = useMutation(trpc.bulk.fixRow.mutationOptions(options))
  const recheckRow = useMutation(trpc.bulk.recheckRow.mutationOptions(options))
  const dropRow = useMutation(trpc.bulk.dropRow.mutationOptions(options))
  const acceptRows = useMutation(trpc.bulk.acceptRows.mutationOptions(options))
  const dropErrors = useMutation(trpc.bulk.dropErrors.mutationOptions(options))
  const submit = useMutation(trpc.bulk.submit.mutationOptions(options))
  const decide = useMutation(trpc.bulk.decide.mutationOptions(options))
  const control = useMutation(trpc.bulk.control.mutationOptions(options))
  const halt = useMutation(trpc.bulk.halt.mutationOptions(options))
  const rerun = useMutation(trpc.bulk.rerun.mutationOptions(options))
  const all = [
    mapColumns,
    fixRow,
    recheckRow,
    dropRow,
    acceptRows,
    dropErrors,
    submit,
    decide,
    control,
    halt,
    rerun,
  ]
  return {
    mapColumns,
    fixRow,
    recheckRow,
    dropRow,
    acceptRows,
    dropErrors,
    submit,
    decide,
    control,
    halt,
    rerun,
    busy: all.some(({ isPending }) => isPending),
  }
}

/** Runs an act that is not confirmed first; says what came of it. Answers whether it was done. */
export async function runAct(deed: () => Promise<unknown>, said: string): Promise<boolean> {
  try {
    await deed()
    announce(said)
    return true
  } catch (error) {
    tellActProblem(error)
    return false
  }
}
