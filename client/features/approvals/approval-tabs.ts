/** The boxes of the inbox. */
export const APPROVAL_TABS = ['waiting', 'mine', 'decided'] as const
export type ApprovalTab = (typeof APPROVAL_TABS)[number]

export const APPROVAL_TAB_LABELS: Readonly<Record<ApprovalTab, string>> = {
  waiting: 'Waiting',
  mine: 'Asked by me',
  decided: 'Decided',
}

/** Address of a box, or of one request in it. */
export function approvalsPath(tab: ApprovalTab, id?: string): string {
  const params = new URLSearchParams()
  if (tab !== 'waiting') params.set('tab', tab)
  if (id !== undefined) params.set('request', id)
  const text = params.toString()
  return `/approvals${text ? `?${text}` : ''}`
}
