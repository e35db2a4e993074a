import { useRouter } from '@tanstack/react-router'
import { useShortcut } from '../ui/use-shortcut.ts'

/** Paths of this tab's history by their place in it; what was before a reload is not known. */
const paths: string[] = []

/** Notes what stands at a place of the history. What stood behind it is gone, or will be noted again. */
export function notePlace(place: number, path: string): void {
  paths.length = place
  paths[place] = path
}

/** How many steps back the nearest page with this path is; null when there is none. */
export function stepsBackTo(path: string, place: number): number | null {
  const at = paths.slice(0, place).lastIndexOf(path)
  return at === -1 ? null : place - at
}

/**
 * Escape on a record: back to its list, as it was left, with its filter, its place and its row. Whoever did not come from
 * the list is led to it.
 */
export function useLeave(list: { label: string; to: string }): void {
  const router = useRouter()
  useShortcut({
    id: 'leave',
    keys: 'Escape',
    label: `Back to ${list.label}`,
    palette: false,
    run: () => {
      const steps = stepsBackTo(list.to, router.state.location.state.__TSR_index)
      if (steps === null) void router.navigate({ to: list.to })
      else router.history.go(-steps)
    },
  })
}
