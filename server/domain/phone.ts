/** Digits of an Indian phone number without the country's prefix. */
export function phoneDigits(text: string): string {
  return text.replace(/\D/g, '').replace(/^(?:91|0)(?=\d{10}$)/, '')
}
