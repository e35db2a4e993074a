import { toast } from '../ui/toasts.tsx'
import { toActProblem } from './errors.ts'

/** Says in a toast why what somebody did was not done. */
export function tellActProblem(error: unknown): void {
  const { title, message } = toActProblem(error)
  toast.error(title, message)
}
