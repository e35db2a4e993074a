import { useEffect } from 'react'
import { progressText } from '../ui/progress-bar.tsx'
import { RunningSign } from '../ui/running-sign.tsx'
import { usePart } from '../ui/use-part.ts'
import { stopChecks, useCheckRun } from './check-run.ts'

const loadMenu = () => import('./running-menu.tsx')

/**
 * The long work that goes on, for the top bar (design §3.12): what this tab does and ends with it, and what the server
 * does wherever the person goes.
 * @param path of the page on screen
 */
export function RunningWork({ path }: { path: string }) {
  // The page on screen comes first.
  const menu = usePart(loadMenu, false, () => {})
  return (
    <>
      <CheckSign />
      {menu ? <menu.RunningMenu path={path} /> : null}
    </>
  )
}

function CheckSign() {
  const checks = useCheckRun()
  // It does not go on where nothing shows it and it cannot be stopped.
  useEffect(() => stopChecks, [])
  if (checks === null) return null
  const { done, total, stopping } = checks
  return (
    <RunningSign
      label="Checking orders with Juspay"
      text={stopping ? 'Stopping' : `Checked ${progressText(done, total)}`}
      done={done}
      total={total}
      stop={{ label: 'Stop checking', pressed: stopping, onPress: stopChecks }}
    />
  )
}
