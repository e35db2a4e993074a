import type { Role } from './permission.ts'

/** A signed-in person acting on one merchant account; role and account come from the session, never from input. */
export type StaffActor = {
  kind: 'user'
  userId: string
  name: string
  email: string
  role: Role
  accountId: string
  requestId: string
  ip: string | null
}

/** A job of ours. `name` says which one ("refund-sender", "status-sweep"). */
export type SystemActor = { kind: 'system'; name: string; accountId: string; requestId: string }

/** Juspay, through an authenticated webhook. */
export type ProviderActor = { kind: 'provider'; name: 'juspay'; accountId: string; requestId: string }

/** A program of the merchant, through an API key. */
export type MachineActor = {
  kind: 'machine'
  name: string
  accountId: string
  requestId: string
  ip: string | null
}

/** Who did it (glossary, "Actor"). */
export type Actor = StaffActor | SystemActor | ProviderActor | MachineActor
