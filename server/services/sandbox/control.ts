import type { Actor } from '../../domain/actor.ts'
import { toDecimal } from '../../domain/money.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { AppDeps, SandboxControl, SimulatedOrders, SimulationList, SimulationWish } from '../deps.ts'

type ControlDeps = Pick<AppDeps, 'store' | 'sandboxControl' | 'log'>

/** What the sandbox can simulate. */
export async function listSimulations(deps: ControlDeps, actor: Actor): Promise<SimulationList> {
  await sandboxAccount(deps, actor)
  return answered(deps, 'sandbox.list_simulations', (control) => control.simulations())
}

/**
 * Makes orders in the sandbox that end as the simulation says; what follows arrives here by webhook like any payment.
 * @throws Refusal `sandbox_only` on a production account, `provider_unavailable` when the sandbox does not run
 */
export async function simulatePayments(
  deps: ControlDeps,
  actor: Actor,
  input: SimulationWish & { amountMinor: bigint },
): Promise<SimulatedOrders> {
  const account = await sandboxAccount(deps, actor)
  const { amountMinor, ...wish } = input
  const amount = toDecimal({ minor: amountMinor, currency: account.currency })
  return ask(deps, actor, 'sandbox.simulate', (control) =>
    control.simulate({ ...wish, merchantId: account.juspayMerchantId, amount }),
  )
}

/** Has the sandbox send one event about its newest order. */
export async function sendSandboxEvent(deps: ControlDeps, actor: Actor, name: string): Promise<void> {
  const account = await sandboxAccount(deps, actor)
  await ask(deps, actor, 'sandbox.send_event', (control) =>
    control.sendTestEvent({ merchantId: account.juspayMerchantId, name }),
  )
}

/** Sets the sandbox's traffic: orders a minute, and whether it is paused. */
export async function setSandboxTraffic(
  deps: ControlDeps,
  actor: Actor,
  input: { perMinute: number; paused: boolean },
): Promise<{ perMinute: number; paused: boolean }> {
  await sandboxAccount(deps, actor)
  return ask(deps, actor, 'sandbox.set_traffic', (control) => control.traffic(input))
}

/** The actor's account, which must be a sandbox one. */
export async function sandboxAccount(deps: ControlDeps, actor: Actor) {
  const account = await deps.store.accounts.byId(actor.accountId)
  if (!account || account.environment !== 'sandbox' || !deps.sandboxControl)
    throw new Refusal('sandbox_only', 'This works only on a sandbox account.')
  return account
}

async function answered<T>(
  deps: ControlDeps,
  action: string,
  question: (control: SandboxControl) => Promise<T>,
): Promise<T> {
  const control = deps.sandboxControl
  if (!control) throw new Refusal('sandbox_only', 'This works only on a sandbox account.')
  return question(control).catch((error: unknown) => {
    deps.log.warn({ err: error, action }, 'the sandbox did not do as asked')
    throw new Refusal(
      'provider_unavailable',
      'The sandbox did not answer.',
      'Is it running? Start it with npm start.',
    )
  })
}

async function ask<T>(
  deps: ControlDeps,
  actor: Actor,
  action: string,
  question: (control: SandboxControl) => Promise<T>,
): Promise<T> {
  const answer = await answered(deps, action, question)
  await deps.store.audit.append({ actor, action, subjectKind: 'sandbox', subjectId: null, outcome: 'done' })
  return answer
}
