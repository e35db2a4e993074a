/** The word people meant, and the kind of thing a bare word looks like. */
import { plainText } from './plain-text.ts'

/** Edits that may lie between a typed word and the one that was meant. */
const EDITS_MAX = 2

/** The nearest of `words` within two edits (a swap of neighbours is one); null when none is near. */
export function closestWord<Word extends string>(typed: string, words: readonly Word[]): Word | null {
  let best: { word: Word; edits: number } | null = null
  for (const word of words) {
    const edits = distance(typed, word)
    // Two edits turn any three letters into almost anything.
    if (edits <= Math.min(EDITS_MAX, word.length - 2) && (!best || edits < best.edits)) best = { word, edits }
  }
  return best?.word ?? null
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let edits = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(edits)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

export type Shape = { field: 'ref' | 'phone' | 'email'; value: string; label: string }

/** What a bare text looks like, so that a search by field can be offered; null for ordinary text. */
export function shapeOf(text: string): Shape | null {
  const bare = plainText(text).trim()
  if (/^[^\s@"]+@[^\s@"]+$/.test(bare)) return { field: 'email', value: bare, label: `Email ${bare}` }
  const digits = bare.replace(/[\s-]/g, '')
  const phone = /^(?:\+?91|0)?([6-9]\d{9})$/.exec(digits)
  if (phone?.[1] && (digits.length === 10 || /^[+0]/.test(digits))) {
    return { field: 'phone', value: phone[1], label: `Phone ${phone[1]}` }
  }
  if (/^\d{12}$/.test(digits)) return { field: 'ref', value: digits, label: `Bank reference ${digits}` }
  if (/^\d{23}$/.test(digits)) return { field: 'ref', value: digits, label: `Card reference (ARN) ${digits}` }
  return null
}
