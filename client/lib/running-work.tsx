import { useEffect } from 'react'
import { progressText } from '../ui/progress-bar.tsx'
import { RunningSign } from '../ui/running-sign.tsx'
import { stopChecks, useCheckRun } from './check-run.ts'

/** The long work that this person began and that goes on, for the top bar (design §3.12). */
export function RunningWork() {
  const checks = useCheckRun()
  // Whoever signs out asks Juspay about nothing more.
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
