import { Section } from '../../ui/page.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { FixLine } from './fix-line.tsx'
import type { SilentSwitch } from './integration-types.ts'
import { SWITCH_STATES } from './integration-words.ts'
import css from './integration.module.css'

/** Switches of the account at Juspay that say nothing when they are off: what came tells how they stand. */
export function SilentSwitches({ switches }: { switches: readonly SilentSwitch[] }) {
  return (
    <Section title="Silent switches at Juspay">
      <p className={css['lead']}>
        Juspay reports none of these. How they stand is read from the payments and messages that came.
      </p>
      <ul className={css['switches']}>
        {switches.map((one) => (
          <Switch key={one.id} {...one} />
        ))}
      </ul>
    </Section>
  )
}

function Switch({ title, flag, state, words, fix }: SilentSwitch) {
  const [role, label] = SWITCH_STATES[state]
  return (
    <li className={css['switch']} data-state={state}>
      <div>
        <h3 className={css['title']}>{title}</h3>
        <p className={css['call']}>{flag}</p>
      </div>
      <StatusChip status={role} label={label} />
      <div>
        <p className={css['words']}>{words}</p>
        <FixLine fix={fix} />
      </div>
    </li>
  )
}
