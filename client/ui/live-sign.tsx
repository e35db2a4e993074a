import IconBroadcast from '@tabler/icons-react/dist/esm/icons/IconBroadcast.mjs'
import IconBroadcastOff from '@tabler/icons-react/dist/esm/icons/IconBroadcastOff.mjs'
import css from './app-frame.module.css'

/** State of the live connection, in words. */
export type LiveState =
  | { kind: 'live'; detail?: string }
  | { kind: 'connecting' }
  | { kind: 'reconnecting'; detail?: string }
  | { kind: 'stale'; detail?: string }
  | { kind: 'off' }

const WORDS: Readonly<Record<LiveState['kind'], string>> = {
  live: 'Live',
  connecting: 'Connecting',
  reconnecting: 'Reconnecting',
  stale: 'No signal',
  off: 'Not live',
}

/** "Live", "Reconnecting", "No signal": text first, shape second, colour never alone. */
export function LiveSign({ state }: { state: LiveState }) {
  const Shape = state.kind === 'live' || state.kind === 'connecting' ? IconBroadcast : IconBroadcastOff
  const detail = 'detail' in state ? state.detail : undefined
  return (
    <span className={css['sign']} data-live={state.kind} title={detail}>
      <Shape size={14} stroke={1.75} aria-hidden />
      <span>
        <span className="visually-hidden">Live feed: </span>
        {WORDS[state.kind]}
      </span>
    </span>
  )
}
