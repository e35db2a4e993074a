import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from '../../lib/trpc.ts'

type Api = ReturnType<typeof useTRPC>

export type AccountSettings = inferOutput<Api['settings']['account']>
export type PolicySettings = inferOutput<Api['settings']['policy']>
/** What a version says, without its number. */
export type Rules = Omit<PolicySettings, 'version'>
export type PolicyVersion = inferOutput<Api['settings']['policyHistory']>['rows'][number]
export type LimitPerson = inferOutput<Api['settings']['limitPeople']>[number]
export type RefundStop = inferOutput<Api['stops']['inForce']>[number]
export type KeysSettings = inferOutput<Api['keys']['list']>
export type MerchantKey = KeysSettings['keys'][number]
export type ApiKeyRow = inferOutput<Api['keys']['apiKeys']>[number]
