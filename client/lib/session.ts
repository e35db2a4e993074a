import { createContext, useContext } from 'react'
import { deniedReason, type Permission, type Role } from '../../server/domain/permission.ts'

/** Who is signed in, on which account, and what they may do. The server decides; this copy only shapes the screen. */
export type Session = {
  user: { id: string; name: string; email: string }
  role: Role
  permissions: readonly Permission[]
  account: { slug: string; name: string; environment: 'sandbox' | 'production'; currency: string }
  hasSecondFactor: boolean
  /** The account wants a second factor of whoever moves money. */
  secondFactorRequired: boolean
  demo: boolean
}

export const SessionContext = createContext<Session | null>(null)

/** The session of the signed-in layout. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession is used outside the signed-in layout')
  return session
}

export type Can = { allowed: true; reason: null } | { allowed: false; reason: string }

/** Whether the person may do it and, if not, the sentence for the disabled control. */
export function useCan(permission: Permission): Can {
  const { role, permissions } = useSession()
  if (permissions.includes(permission)) return { allowed: true, reason: null }
  return { allowed: false, reason: deniedReason(role, permission) }
}
