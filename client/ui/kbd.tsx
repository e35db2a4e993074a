import { isMac, keyCaps } from './shortcut-keys.ts'
import css from './kbd.module.css'

/**
 * Key caps for `keys` ("R", "Mod+K", "G T"). Decorative: the key itself is told by aria-keyshortcuts and the sheet. The
 * style sheet writes the letters: as text they would be part of the label that people speak to press the button.
 */
export function Kbd({ keys, onAccent = false }: { keys: string; onAccent?: boolean }) {
  return (
    <span className={css['caps']} aria-hidden data-on-accent={onAccent || undefined}>
      {keyCaps(keys, isMac()).map((cap, i) => (
        <kbd key={`${cap}-${i}`} className={css['cap']} data-cap={cap} />
      ))}
    </span>
  )
}
