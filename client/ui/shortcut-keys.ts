/**
 * Key notation: chords joined by spaces form a sequence ("G T"); inside a chord parts are joined by "+"
 * ("Mod+K", "Shift+R", "?"). `Mod` is ⌘ on a Mac and Ctrl elsewhere.
 */
export type Chord = { mod: boolean; shift: boolean; alt: boolean; key: string }

/** The part of a keyboard event that decides which chord was pressed. */
export type KeyPress = {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

const MODIFIERS: ReadonlySet<string> = new Set(['Mod', 'Shift', 'Alt'])

/** Parses the notation above; `"G T"` is two chords. */
export function parseKeys(keys: string): Chord[] {
  return keys.split(' ').map((text) => {
    const parts = text.split('+')
    const key = parts.findLast((part) => !MODIFIERS.has(part)) ?? ''
    return {
      mod: parts.includes('Mod'),
      shift: parts.includes('Shift'),
      alt: parts.includes('Alt'),
      key: key.length === 1 ? key.toLowerCase() : key,
    }
  })
}

/** Whether `press` is `chord`. Letters on a non-Latin layout (Hindi) are matched by their place on the keyboard. */
export function matchesChord(chord: Chord, press: KeyPress): boolean {
  if (chord.mod !== (press.ctrlKey || press.metaKey)) return false
  if (chord.alt !== press.altKey) return false
  const isLetter = /^[a-z]$/.test(chord.key)
  // Symbols such as "?" already carry their Shift in the key itself.
  if ((isLetter || chord.key.length > 1) && chord.shift !== press.shiftKey) return false
  const latin = /^[ -\u024f]$/.test(press.key) || press.key.length > 1
  if (isLetter && !latin) return press.code === `Key${chord.key.toUpperCase()}`
  return press.key.toLowerCase() === chord.key.toLowerCase()
}

/** Signs of keys that have one on every keyboard, or a shorter name than the browser's. */
const CAPS: Readonly<Record<string, string>> = {
  Shift: '⇧',
  Enter: '⏎',
  Escape: 'Esc',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
}
const MAC_CAPS: Readonly<Record<string, string>> = { ...CAPS, Mod: '⌘', Alt: '⌥' }
const PC_CAPS: Readonly<Record<string, string>> = { ...CAPS, Mod: 'Ctrl' }

/** The caps to draw, one string a chord: "Mod+Enter" gives ["Ctrl ⏎"]. */
export function keyCaps(keys: string, mac: boolean): string[] {
  const caps = mac ? MAC_CAPS : PC_CAPS
  return keys.split(' ').map((chord) => {
    const parts = chord.split('+')
    // Alone the word is clearer than the sign.
    if (parts.length === 1 && chord === 'Enter') return chord
    return parts.map((part) => caps[part] ?? part).join(' ')
  })
}

/** Names of keys as they are said; a sign by itself may be read as nothing. */
const WORDS: Readonly<Record<string, string>> = {
  ArrowLeft: 'Left arrow',
  ArrowRight: 'Right arrow',
  ArrowUp: 'Up arrow',
  ArrowDown: 'Down arrow',
  PageUp: 'Page up',
  PageDown: 'Page down',
  '.': 'Full stop',
  '/': 'Slash',
  '?': 'Question mark',
  '[': 'Left bracket',
  ']': 'Right bracket',
}
const MAC_WORDS: Readonly<Record<string, string>> = { ...WORDS, Mod: 'Command', Alt: 'Option' }
const PC_WORDS: Readonly<Record<string, string>> = { ...WORDS, Mod: 'Control' }

/** The keys for a screen reader: "Control and Enter", "G, then T". */
export function spokenKeys(keys: string, mac: boolean): string {
  const words = mac ? MAC_WORDS : PC_WORDS
  const chords = keys.split(' ').map((chord) =>
    chord
      .split('+')
      .map((part) => words[part] ?? part)
      .join(' and '),
  )
  return chords.join(', then ')
}

/** `aria-keyshortcuts` for one chord; the attribute has no way to state a sequence, so those give undefined. */
export function ariaKeys(keys: string, mac: boolean): string | undefined {
  if (keys.includes(' ')) return undefined
  return keys.replace('Mod', mac ? 'Meta' : 'Control')
}

/** Whether this browser runs on a Mac (⌘ in place of Ctrl). */
export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent)
}
