import { usePart } from '../ui/use-part.ts'
import { useStepUp } from './step-up.ts'

const load = () => import('./step-up-dialog.tsx')

/** Shows the step-up question while a call waits for it; once, inside the signed-in layout. */
export function StepUpHost() {
  const question = useStepUp()
  const part = usePart(load, question !== null, () => question?.settle(false))
  return question && part ? <part.StepUpDialog settle={question.settle} /> : null
}
