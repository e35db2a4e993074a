/** What the screens are told about people, the audit log, settings and the sandbox. */
import type { AuthMode } from '../../store/accounts.ts'
import type { WrittenPolicy } from '../../store/refund-policies.ts'
import type { StaffMember } from '../../store/staff.ts'
import type { Permission, Role } from '../../domain/permission.ts'
import type { SecretStates } from '../../services/deps.ts'
import type { ApprovalPolicy, VersionedPolicy } from '../../domain/approval-policy.ts'

export type SessionView = {
  user: { id: string; name: string; email: string }
  role: Role
  permissions: Permission[]
  account: { slug: string; name: string; environment: 'sandbox' | 'production'; currency: string }
  accounts: { slug: string; name: string }[]
  hasSecondFactor: boolean
  /** The account wants a second factor of whoever moves money. */
  secondFactorRequired: boolean
  demo: boolean
}

export type DemoView = {
  enabled: boolean
  staff: { email: string; role: Role }[]
  password: string | null
}

export type CountsView = {
  /** Refund requests that wait for a decision this person may make. */
  approvals: number
  /** Batches that wait for a decision this person may make. */
  batches: number
  failedEvents: number
  discrepancies: number
  /** Notes that name the person and that the person has not seen. */
  mentions: number
  /** That nothing is left of a limit of today for the refunds of this person; null while something is. */
  refundLimit: string | null
}

export type StaffView = {
  id: string
  name: string
  email: string
  role: Role
  disabled: boolean
  hasSecondFactor: boolean
  lastSeenAt: Date | null
  createdAt: Date
}

export type AuditRowView = {
  id: string
  at: Date
  actorName: string
  actorKind: string
  action: string
  subjectKind: string
  subjectId: string | null
  outcome: 'done' | 'refused'
  reason: string | null
  before: unknown
  after: unknown
  ip: string | null
  requestId: string
}

export type AccountSettingsView = {
  slug: string
  name: string
  environment: 'sandbox' | 'production'
  baseUrl: string
  juspayMerchantId: string
  clientId: string
  apiVersion: string
  webhookUrl: string
  webhookUsername: string
  authMode: AuthMode
  returnPageUrl: string | null
  secrets: SecretStates
}

export type PolicyView = ApprovalPolicy & { version: number }

export type LimitPersonView = { id: string; name: string; role: Role }

/** One version of the policy, with who wrote it and when; version 0 is as delivered. */
export type PolicyVersionView = PolicyView & { writtenBy: string; writtenAt: Date }

export function policyView({ version, rules }: VersionedPolicy): PolicyView {
  return {
    version,
    approvalAboveMinor: rules.approvalAboveMinor,
    alwaysApproveRoles: rules.alwaysApproveRoles,
    expiresAfterHours: rules.expiresAfterHours,
    sameAmountWindowMinutes: rules.sameAmountWindowMinutes,
    bulkHoldMinutes: rules.bulkHoldMinutes,
    stepUpAboveMinor: rules.stepUpAboveMinor,
    tiers: rules.tiers,
    reasons: rules.reasons,
    limits: rules.limits,
  }
}

export function policyVersionView(written: WrittenPolicy): PolicyVersionView {
  return { ...policyView(written), writtenBy: written.writtenBy, writtenAt: written.writtenAt }
}

export type SandboxInfoView = {
  url: string | null
  /** HyperServices.js for the demo checkout. */
  scriptUrl: string | null
  /** Whether that script is Juspay's own. */
  ownScript: boolean
  clientId: string
  pageUrl: string | null
  available: boolean
}

/** What Initiate takes in its signed form (API reference §2.4). */
export type SignedInitiateView = {
  /** The exact text that was signed: it is passed on as it is. */
  signaturePayload: string
  signature: string
  merchantKeyId: string
  merchantId: string
  clientId: string
  environment: 'sandbox' | 'production'
}

export type CheckoutStartView = {
  orderRef: string
  orderId: string | null
  /** Juspay's `sdk_payload`, unchanged. */
  sdkPayload: unknown
  paymentLink: string | null
}

/** The sandbox's simulations and what makes them harder, in its own words. */
export type SimulationsView = {
  simulations: { name: string; title: string; story: string; result: string }[]
  switches: { name: string; title: string; story: string }[]
}

export type SimulatedView = { orderRefs: string[]; lastsSeconds: number }

export type TrafficView = { perMinute: number; paused: boolean }

/** One person, without anything of their sessions or password. */
export function staffView(member: StaffMember): StaffView {
  return {
    id: member.id,
    name: member.name,
    email: member.email,
    role: member.role,
    disabled: member.disabled,
    hasSecondFactor: member.hasSecondFactor,
    lastSeenAt: member.lastSeenAt,
    createdAt: member.createdAt,
  }
}
