/** What happens at Juspay by itself: refunds settle, people use the portal, and webhooks tell of it, more or less. */
import type { ProviderOrder } from '../../server/domain/provider-order.ts'
import { applyProviderOrder } from '../../server/services/orders/apply-order.ts'
import { ConnectionLost } from './memory-database.ts'
import { hurryStrays } from './network.ts'
import type { RefundWord } from './provider.ts'
import { callServer } from './servers.ts'
import { ACCOUNT, START_MS, txnRefOf, type Build, type World } from './world.ts'

const SECOND = 1_000
/** How often a refund changes its mind. */
const TURNS_MAX = 3
const MINUTE = 60 * SECOND
/**
 * How often somebody who sees no refund come makes one in the portal, of all that is left, just before ours is sent again;
 * and how soon that one is over.
 */
const IMPATIENT = 0.5
const IMPATIENT_MS = 30 * SECOND

/** Makes refunds settle after they were accepted, and tells of everything by webhooks. */
export function liveAtJuspay(world: World, build: Build): void {
  const { provider, scheduler, random, plan } = world
  const tell = (orderRef: string): void => announce(world, build, orderRef)
  const becomes = (orderRef: string, key: string, word: RefundWord, at: number, turns = 0): void =>
    void scheduler.at(at, null, `${key} becomes ${word}`, () => settle(orderRef, key, word, turns))
  const settle = (orderRef: string, key: string, word: RefundWord, turns = 0): void => {
    provider.settle(orderRef, key, word, scheduler.now())
    if (word === 'FAILURE') hurryStrays(world.network, orderRef)
    tell(orderRef)
    const again = turns < TURNS_MAX ? nextWord(word, random) : null
    if (again !== null)
      becomes(orderRef, key, again, scheduler.now() + MINUTE + random() * 40 * MINUTE, turns + 1)
  }
  const accept = (orderRef: string, key: string): void => {
    tell(orderRef)
    const first = firstWord(random)
    becomes(orderRef, key, first, scheduler.now() + settlingMs(random))
  }
  world.onAccepted = accept
  let impatient = 0
  world.onCalledAgain = (orderRef) => {
    if (random() >= IMPATIENT) return
    impatient += 1
    const [key, txnRef, at] = [`PORTALagain${impatient}`, txnRefOf(orderRef, 0), scheduler.now()]
    const amountMinor = provider.roomOf(orderRef, txnRef)
    if (amountMinor <= 0n) return
    if (!provider.returnMoney({ orderRef, key, txnRef, amountMinor, by: 'portal', at })) return
    tell(orderRef)
    const word = random() < 0.5 ? 'FAILURE' : 'SUCCESS'
    becomes(orderRef, key, word, at + random() * IMPATIENT_MS)
  }
  for (const [index, deed] of plan.deeds.entries()) {
    if (deed.kind === 'disable' || deed.kind === 'stop') continue
    const orderRef = `SIM${deed.order + 1}`
    scheduler.at(START_MS + deed.atMs, null, deed.kind, () => {
      const order = provider.orders.get(orderRef)
      if (order === undefined) return
      const at = scheduler.now()
      if (deed.kind === 'regroup') {
        provider.reroute(orderRef, 'PAYU', at)
        return tell(orderRef)
      }
      if (deed.kind === 'return') return returnSecond(world, build, { orderRef, key: `ARback${index}` })
      const key = deed.kind === 'portal' ? `PORTAL${index}` : `ARauto${index}`
      const by = deed.kind === 'portal' ? 'portal' : 'AUTO_REFUNDED'
      const txnRef = txnRefOf(orderRef, deed.charge)
      if (provider.returnMoney({ orderRef, key, txnRef, amountMinor: deed.amountMinor, by, at }))
        accept(orderRef, key)
    })
  }
}

/** Juspay returns the second charge by itself. Its webhook comes: where answers do not list it, nothing else tells of it. */
function returnSecond(
  world: World,
  build: Build,
  { orderRef, key }: { orderRef: string; key: string },
): void {
  const { provider, scheduler, random } = world
  const told = provider.returnCharge(orderRef, txnRefOf(orderRef, 1), key, scheduler.now())
  if (told === null) return
  const at = scheduler.now() + Math.floor(random() * 2 * MINUTE)
  scheduler.at(at, null, 'webhook comes', () => void deliver(world, build, told))
}

function firstWord(random: () => number): RefundWord {
  const draw = random()
  if (draw < 0.7) return 'SUCCESS'
  return draw < 0.88 ? 'FAILURE' : 'MANUAL_REVIEW'
}

/** A review ends; a failure is now and then taken back (§1.1, "not monotonic"). */
function nextWord(word: RefundWord, random: () => number): RefundWord | null {
  if (word === 'MANUAL_REVIEW') return random() < 0.7 ? 'SUCCESS' : 'FAILURE'
  if (word === 'SUCCESS') return random() < 0.03 ? 'FAILURE' : null
  return random() < 0.15 ? 'SUCCESS' : null
}

function settlingMs(random: () => number): number {
  const draw = random()
  if (draw < 0.4) return random() * 10 * SECOND
  return draw < 0.85 ? random() * 2 * MINUTE : random() * 12 * MINUTE
}

/** Sends webhooks with the order as it is now: some are never sent, some twice, all of them late by any time. */
function announce(world: World, build: Build, orderRef: string): void {
  const { provider, scheduler, random, plan } = world
  if (random() * 100 >= plan.webhooks) return
  const told = provider.tell(orderRef, scheduler.now(), false)
  if (told === null) return
  const copies = random() * 100 < plan.webhooksTwice ? 2 : 1
  for (let copy = 0; copy < copies; copy += 1) {
    const delay = random() < 0.6 ? random() * 2 * SECOND : random() * 5 * MINUTE
    scheduler.at(
      scheduler.now() + Math.floor(delay),
      null,
      'webhook comes',
      () => void deliver(world, build, told),
    )
  }
}

const AGAIN_MS = 60_000

/** Applies a webhook on some server, the way the processor does; again later when that was not committed. */
async function deliver(world: World, build: Build, told: ProviderOrder): Promise<void> {
  const { servers, random, scheduler, judge } = world
  const server = servers[Math.floor(random() * servers.length)]
  if (server === undefined) return
  const outcome = await callServer(
    server,
    (deps) => {
      const { store, clock, ids } = deps
      const source = { kind: 'webhook', id: ids.uuid(), occurredAt: told.statedAt } as const
      const message = { account: ACCOUNT, order: build.readWebhook(told, world), source, now: clock.now() }
      return store.transaction((tx) => applyProviderOrder(tx, message)).then(() => deps.wake('live'))
    },
    false,
  )
  if (outcome.kind === 'done') return
  if (outcome.kind === 'failed' && !(outcome.error instanceof ConnectionLost))
    judge.say('error', String(outcome.error))
  scheduler.at(
    scheduler.now() + Math.floor(random() * AGAIN_MS),
    null,
    'webhook comes again',
    () => void deliver(world, build, told),
  )
}
