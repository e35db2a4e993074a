import { useKit } from '../../ui/kit-context.ts'
import type { IntegrationStep } from './integration-types.ts'
import css from './integration.module.css'

/** What to do about a step or a switch, and where; nothing while nothing is to be done. */
export function FixLine({ fix }: Pick<IntegrationStep, 'fix'>) {
  const { link: Link } = useKit()
  if (fix === null) return null
  return (
    <p className={css['fix']}>
      {fix.words} {fix.to === null ? null : <Link to={fix.to}>Go there</Link>}
    </p>
  )
}
