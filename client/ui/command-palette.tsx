import type { CommandPaletteProps } from './command-palette-dialog.tsx'
import { useHeldKeys } from './use-held-keys.ts'
import { usePart } from './use-part.ts'

const load = () => import('./command-palette-dialog.tsx')

/** The palette, of which the page waits for nothing: its dialog comes later, and until it is there the keys are kept. */
export function CommandPalette(props: CommandPaletteProps) {
  const { open, onClose, text, onTextChange } = props
  const part = usePart(load, open, onClose)
  const onFocus = useHeldKeys({ open, onClose, text, onTextChange })
  return part === null ? null : <part.PaletteDialog {...props} onFocus={onFocus} />
}
