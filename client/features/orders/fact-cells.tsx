import { IdCell } from '../../ui/id-cell.tsx'

/** An identifier among the facts; a missing one is left out. */
export function idFact(value: string | null, what: string) {
  return value === null ? null : <IdCell value={value} what={what} />
}
