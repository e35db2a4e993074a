/** Bytes as every hex viewer shows them: place, sixteen bytes, and what of them is plain text. */
const LINE_BYTES = 16
/** Longer bodies are cut here; the place of the problem is said in words. */
const LINES_MAX = 2_000
/** Characters of a mask stand for no byte. */
const HIDDEN = '••'

/** `text` has one character a byte, except where it was masked. */
export function hexLines(text: string): string {
  const lines: string[] = []
  for (let at = 0; at < text.length && lines.length < LINES_MAX; at += LINE_BYTES) {
    const chars = text.slice(at, at + LINE_BYTES).split('')
    const hex = chars.map(hexOf).join(' ')
    lines.push(
      `${at.toString(16).padStart(8, '0')}  ${hex.padEnd(LINE_BYTES * 3 - 1)}  ${chars.map(plainOf).join('')}`,
    )
  }
  return lines.join('\n')
}

function hexOf(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return code > 0xff ? HIDDEN : code.toString(16).padStart(2, '0')
}

function plainOf(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return code > 0xff ? '•' : code >= 0x20 && code < 0x7f ? char : '.'
}
