import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toActProblem, toProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { announce } from '../../ui/announcer.tsx'
import type { Problem } from '../../ui/states.tsx'

/** A simulation or a switch, in the sandbox's own words. */
export type Named = { name: string; title: string; story: string }
export type SimulationChoice = Named & { result: string }

export type Simulations = {
  /** Null until the sandbox has told them. */
  list: { simulations: readonly SimulationChoice[]; switches: readonly Named[] } | null
  listProblem: Problem | null
  retry: () => void
  /** Switches that are on, for the menu and the form alike. */
  on: readonly string[]
  toggle: (name: string) => void
  run: (simulation: SimulationChoice, input: { amountMinor: bigint; count: number }) => void
  busy: boolean
  /** Why the last one was not done. */
  problem: { title: string; message: string } | null
  /** What the last one did, in a sentence or two. */
  done: string | null
}

/** What the sandbox can simulate, and running it; `onMade` hears of the orders. */
export function useSimulations(onMade: (orderRefs: readonly string[]) => void): Simulations {
  const trpc = useTRPC()
  const list = useQuery(trpc.sandbox.simulations.queryOptions(undefined, { staleTime: Infinity }))
  const simulate = useMutation(trpc.sandbox.simulate.mutationOptions())
  const [on, setOn] = useState<readonly string[]>([])
  const [done, setDone] = useState<string | null>(null)
  return {
    list: list.data ?? null,
    listProblem: list.error === null ? null : toProblem(list.error, 'the simulations'),
    retry: () => void list.refetch(),
    on,
    toggle: (name) =>
      setOn((before) => (before.includes(name) ? before.filter((one) => one !== name) : [...before, name])),
    run: ({ name, title, result }, input) =>
      simulate.mutate(
        { ...input, simulation: name, switches: [...on] },
        {
          onSuccess: ({ orderRefs, lastsSeconds }) => {
            const sentence = `${title}: ${orderRefs.length} ${orderRefs.length === 1 ? 'order' : 'orders'} made. ${expected(result, lastsSeconds)}`
            setDone(sentence)
            announce(sentence)
            onMade(orderRefs)
          },
        },
      ),
    busy: simulate.isPending,
    problem: simulate.error === null ? null : toActProblem(simulate.error),
    done,
  }
}

function expected(result: string, lastsSeconds: number): string {
  return lastsSeconds === 0 ? `Expect: ${result}` : `Expect after ${Math.ceil(lastsSeconds)} s: ${result}`
}
