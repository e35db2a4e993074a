/** Short names that stay in capitals wherever they stand: "HDFC UPI". */
const CAPITALS: ReadonlySet<string> = new Set([
  'HDFC',
  'ICICI',
  'SBI',
  'IDFC',
  'IDBI',
  'HSBC',
  'RBL',
  'UPI',
  'EMI',
  'QR',
  'NEFT',
  'IMPS',
  'RTGS',
])

/** "SOUTH_INDIAN_BANK" as "South Indian Bank", "HDFC_UPI" as "HDFC UPI". */
export function titleCase(code: string): string {
  return code
    .split(/[_\s]+/)
    .filter((word) => word !== '')
    .map((word) => {
      const upper = word.toUpperCase()
      return CAPITALS.has(upper) ? upper : upper.charAt(0) + word.slice(1).toLowerCase()
    })
    .join(' ')
}
