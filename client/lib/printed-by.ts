import { useSession } from './session.ts'

/** Who prints, and from which account, for the lines above a printed list. */
export function usePrintedBy(): string {
  const { user, account } = useSession()
  return `${user.name} for ${account.name}, ${account.environment}`
}
