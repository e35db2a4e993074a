import { STEPS } from './bulk-words.ts'
import css from './bulk.module.css'

/** The five steps of a batch, and the one it is at. */
export function BulkSteps({ at }: { at: number }) {
  return (
    <ol className={css['steps']} aria-label="Steps">
      {STEPS.map((step, index) => (
        <li key={step} data-done={index < at || undefined} aria-current={index === at ? 'step' : undefined}>
          <span className={css['stepNo']}>{index + 1}</span>
          {step}
        </li>
      ))}
    </ol>
  )
}
