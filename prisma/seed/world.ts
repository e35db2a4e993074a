/** Whom and what a run writes for: the account and its people. */
import { roleCan, type Permission } from '../../server/domain/permission.ts'
import type { Store } from '../../server/store/store.ts'
import type { World } from './life.ts'

const DAY_MS = 86_400_000
/** Webhooks with their bytes are kept of about so many orders: they are the bulk of any database. */
const EVENT_ORDERS_MAX = 20_000

export class SeedError extends Error {}

export type Wanted = {
  account: string
  orders: number
  days: number
  seed: number
  /** Made up to here. */
  end: Date
  allowProduction: boolean
}

/** @throws SeedError when there is no such account, or it takes real money and nobody said that this is meant */
export async function worldOf(store: Store, wanted: Wanted): Promise<World> {
  const account = await store.accounts.bySlug(wanted.account)
  if (account === null) {
    const slugs = (await store.accounts.list()).map(({ slug }) => slug)
    throw new SeedError(
      `There is no account ${wanted.account}. ${slugs.length === 0 ? 'There is none yet.' : `There are: ${slugs.join(', ')}.`}`,
    )
  }
  if (account.environment === 'production' && !wanted.allowProduction)
    throw new SeedError(`${account.slug} takes real money. Made-up orders in it need --allow-production.`)
  const staff = (await store.staff.list(account.id)).filter(({ disabled }) => !disabled)
  const those = (permission: Permission) =>
    staff.filter(({ role }) => roleCan(role, permission)).map(({ id, name }) => ({ id, name }))
  const eventDays = Math.min(wanted.days, (wanted.days * EVENT_ORDERS_MAX) / wanted.orders)
  return {
    seed: wanted.seed,
    orders: wanted.orders,
    accountId: account.id,
    merchantRef: account.juspayMerchantId,
    currency: account.currency,
    end: wanted.end,
    eventsSince: new Date(wanted.end.getTime() - Math.floor(eventDays * DAY_MS)),
    requesters: those('refund:request'),
    approvers: those('refund:approve'),
    taggers: those('order:note'),
    policyVersion: (await store.refundPolicies.current(account.id)).version,
  }
}
