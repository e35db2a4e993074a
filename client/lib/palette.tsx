import { PaletteDialog as Dialog, type PaletteDialogProps } from '../ui/command-palette-dialog.tsx'
import { PaletteStarts } from './palette-acts.tsx'
import type { Go } from './palette-found.tsx'
import { usePaletteSearch } from './palette-search.tsx'
import { pastedItem, useRecentItems, type PaletteState } from './palette-state.ts'

type PaletteProps = Omit<PaletteDialogProps, 'results' | 'recent' | 'searching' | 'status'> & {
  orders: PaletteState['orders']
  go: Go
}

/** The palette with what it finds and what can be begun from it. */
export function PaletteDialog({ orders, go, ...dialog }: PaletteProps) {
  const search = usePaletteSearch(dialog.open && orders === null ? dialog.text : '', go)
  const recent = useRecentItems(go)
  return (
    <>
      <PaletteStarts go={go} />
      <Dialog
        {...dialog}
        results={orders === null ? search.results : [pastedItem(orders, go)]}
        recent={recent}
        searching={search.searching}
        status={search.status}
      />
    </>
  )
}
