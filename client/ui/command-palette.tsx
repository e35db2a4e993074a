import type { ComponentType } from 'react'
import { useHeldKeys, type HeldKeys } from './use-held-keys.ts'
import { usePart } from './use-part.ts'

type CommandPaletteProps<Props> = {
  /** Fetches the dialog, with whatever finds its records: a chunk of its own. */
  load: () => Promise<{ PaletteDialog: ComponentType<Props & { onFocus: (field: HTMLElement) => void }> }>
  dialog: Props
}

/** The palette, of which the page waits for nothing: its dialog comes later, and until it is there the keys are kept. */
export function CommandPalette<Props extends HeldKeys>({ load, dialog }: CommandPaletteProps<Props>) {
  const { open, onClose, text, onTextChange } = dialog
  const part = usePart(load, open, onClose)
  const onFocus = useHeldKeys({ open, onClose, text, onTextChange })
  return part === null ? null : <part.PaletteDialog {...dialog} onFocus={onFocus} />
}
