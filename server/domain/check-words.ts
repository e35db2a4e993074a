/** What a status check came to, in the words of the copy deck (design Appendix B). */

/** Labels of the order's status before an answer of Juspay and after it. */
export type StatusMove = { was: string; is: string }

/**
 * "Now charged. Was pending.", "No change. Still charged as of 14:41:07."
 * @param asOf when Juspay was asked, in the zone of whoever reads it; left out where that is not known
 */
export function checkedWords(
  { was, is }: StatusMove,
  { changed, asOf }: { changed: boolean; asOf?: string },
): string {
  const [before, now] = [was.toLowerCase(), is.toLowerCase()]
  if (changed && before !== now) return `Now ${now}. Was ${before}.`
  const when = asOf === undefined ? '' : ` as of ${asOf}`
  return `${changed ? 'Updated' : 'No change'}. Still ${now}${when}.`
}
