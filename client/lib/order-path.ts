/** Address of an order: by the merchant's reference, which people know. */
export function orderPath(orderRef: string): string {
  return `/orders/${encodeURIComponent(orderRef)}`
}
