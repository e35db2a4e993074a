/**
 * Text that somebody is writing, kept in the tab's session storage until it is saved: a reload, or a session that ended
 * before it was, does not lose it.
 */
import { useState } from 'react'

const PREFIX = 'paydesk.text.'

/** The text of that name and what sets it. Without a name nothing is kept; an empty text is forgotten. */
export function useKeptText(name: string | null, initial: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => (name === null ? null : keptText(name)) ?? initial)
  return [
    text,
    (next) => {
      setText(next)
      if (name !== null) keepText(name, next)
    },
  ]
}

function keptText(name: string): string | null {
  try {
    return sessionStorage.getItem(`${PREFIX}${name}`)
  } catch {
    // Storage is off: the text lives in memory only.
    return null
  }
}

function keepText(name: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(`${PREFIX}${name}`)
    else sessionStorage.setItem(`${PREFIX}${name}`, text)
  } catch {
    // As above.
  }
}
