import { useEffect, useRef, useSyncExternalStore } from 'react'
import { onActionsChange, registerAction, registeredActions, type Action } from './shortcut-registry.ts'

/** Offers an action (key, sheet line, palette entry) while the component is mounted. `null` offers nothing. */
export function useShortcut(action: Action | null): void {
  const latest = useRef(action)
  useEffect(() => {
    latest.current = action
  })
  const { id, label, keys, group, when, disabledReason, scope, palette, keywords } = action ?? {}
  useEffect(() => {
    if (id === undefined || label === undefined) return
    return registerAction({
      id,
      label,
      keys,
      when,
      disabledReason,
      ...(group && { group }),
      ...(scope && { scope }),
      ...(palette !== undefined && { palette }),
      ...(keywords !== undefined && { keywords }),
      run: () => latest.current?.run(),
    })
  }, [id, label, keys, group, when, disabledReason, scope, palette, keywords])
}

/** All actions on offer now. */
export function useActions(): readonly Action[] {
  return useSyncExternalStore(onActionsChange, registeredActions)
}
