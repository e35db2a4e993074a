/** A command of T8: what it does to Paydesk and to the model, and what it may be answered. */
import type { AsyncCommand } from 'fast-check'
import type fc from 'fast-check'
import { Refusal } from '../../server/domain/refusal.ts'
import { agree, type Model, type Real } from './refund-model.ts'

export type Command = AsyncCommand<Model, Real>

export const nowOf = ({ world }: Real): number => world.deps.clock.now().getTime()

/** The code of a refusal; null when the act was done. */
export async function codeOf(act: Promise<unknown>): Promise<string | null> {
  try {
    await act
    return null
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

export function expectCode(what: string, code: string | null, allowed: readonly (string | null)[]): void {
  if (!allowed.includes(code))
    throw new Error(
      `${what} was answered ${code ?? 'yes'}, expected ${allowed.map((one) => one ?? 'yes').join(' or ')}`,
    )
}

/** A command after which model, books and ledger are compared. */
export function command(
  name: string,
  run: (model: Model, real: Real) => Promise<void>,
  check: (model: Readonly<Model>) => boolean = () => true,
): Command {
  return {
    check,
    async run(model, real) {
      real.commands.run += 1
      await run(model, real)
      await agree(model, real)
    },
    toString: () => name,
  }
}

/** What workers do. While refunds are stopped, nothing of it may reach Juspay. */
export const working = (name: string, work: (deps: Real['deps']) => Promise<unknown>): Command =>
  command(name, async (model, { deps, world }) => {
    const before = world.acceptedAll().length
    await work(deps)
    const left = world.acceptedAll().length - before
    if (model.stopId !== null && left > 0) throw new Error(`${left} refunds left while refunds are stopped`)
  })

/** One of several kinds of commands, and how often beside the others. */
export const often = <T>(arbitrary: fc.Arbitrary<T>, weight: number) => ({ arbitrary, weight })
