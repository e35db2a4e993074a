/** Which orders have their refund dialog open: those are asked about by the dialog itself. */
const open = new Set<string>()

/** Says that the dialog of an order is open; the returned function says that it is not any more. */
export function watchedByDialog(orderId: string): () => void {
  open.add(orderId)
  return () => void open.delete(orderId)
}

export function isWatchedByDialog(orderId: string): boolean {
  return open.has(orderId)
}
