import { useEffect } from 'react'
import { progressText } from '../ui/progress-bar.tsx'
import { RunningSign } from '../ui/running-sign.tsx'
import { stopChecks, useCheckRun } from './check-run.ts'
import { useWaitingExports } from './waiting-exports.ts'

/** The long work that this person began and that goes on, for the top bar (design §3.12). */
export function RunningWork() {
  return (
    <>
      <CheckSign />
      <ExportSign />
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

function ExportSign() {
  const files = useWaitingExports()
  if (files.length === 0) return null
  const done = files.reduce((sum, { written }) => sum + written, 0)
  // How many there will be is a guess, which the file may outgrow.
  const total = Math.max(
    1,
    files.reduce((sum, { written, expected }) => sum + Math.max(written, expected), 0),
  )
  return (
    <RunningSign
      label={files.length === 1 ? 'Making a file' : `Making ${files.length} files`}
      text={`Exported ${progressText(done, total)}`}
      done={done}
      total={total}
    />
  )
}
