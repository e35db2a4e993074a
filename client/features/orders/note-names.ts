/** Names in the text of a note while it is typed. Pure. */

/** Names are at most this long; what stands further behind an "@" is text. */
const NAME_MAX = 40

/** The beginning of a name after the last "@" of the text; null when none is being typed. */
export function nameBeingTyped(text: string): string | null {
  const match = /(?:^|[^\p{L}\p{N}_])@([^@\n]*)$/u.exec(text)
  const typed = match?.[1]
  return typed === undefined || typed.length > NAME_MAX || typed.endsWith('  ') ? null : typed
}

/** The text with the name in place of its beginning, ready to type on. */
export function withName(text: string, name: string): string {
  return `${text.slice(0, text.lastIndexOf('@'))}@${name} `
}
