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

/** Minutes are exact enough for a wait that nobody sits out. */
const SECONDS_SHOWN_MAX = 120

/** How long until Juspay may be asked again: "42 s", "5 min". */
export function waitText(leftMs: number): string {
  const seconds = Math.max(1, Math.ceil(leftMs / 1_000))
  return seconds <= SECONDS_SHOWN_MAX ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
}

/** Juspay takes no more questions for a while; null when it does not say for how long. */
export function tooManyText(leftMs: number | null): string {
  return `Too many status checks. You can check again in ${leftMs === null ? 'a moment' : waitText(leftMs)}.`
}
