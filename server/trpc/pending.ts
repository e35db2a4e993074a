import { Refusal } from '../domain/refusal.ts'
/** The contract is typed before its last readers are wired. */
export function pending(..._: unknown[]): never {
  throw new Refusal('not_found', 'Not wired yet.')
}
