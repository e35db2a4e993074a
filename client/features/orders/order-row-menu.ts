import { useNavigate } from '@tanstack/react-router'
import { METHOD_TYPES, METHOD_WORDS } from '../../../server/domain/search-fields.ts'
import { parseQuery, printQuery } from '../../../server/domain/search-query.ts'
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useRefundReason } from '../../lib/refund-reason.ts'
import { useSession, useCan } from '../../lib/session.ts'
import { copyText } from '../../ui/copy-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import type { MenuEntry } from '../../ui/menu.tsx'
import type { ListedOrder } from './order-columns.tsx'
import { amountText, copyProblem, rowsText } from './order-copy.ts'
import type { OrderRow } from './order-types.ts'
import { listPath, type OrderSearch } from './order-views.ts'

type RowActs = {
  search: OrderSearch
  /** Ids of the columns on screen, which a row is copied with. */
  columns: readonly string[]
  onSearch: (change: Partial<OrderSearch>) => void
  onOpen: (row: OrderRow, how: { newTab: boolean }) => void
  onCheck: (row: OrderRow) => void
}

/** What can be done with a row of the list (design §4.3). */
export function useRowMenu(acts: RowActs): (row: ListedOrder) => MenuEntry[] {
  const { search, columns, onSearch, onOpen, onCheck } = acts
  const { timeZone: zone } = useKit()
  const navigate = useNavigate()
  const refundReason = useRefundReason()
  const canSync = useCan('order:sync')
  const { currency } = useSession().account

  /** An entry that has the filter keep only this value of a field; none without a value. */
  function filterBy(field: string, label: string, value: string | null | undefined): MenuEntry[] {
    const id = `by-${field}`
    if (!value) return []
    const clause = `${field}:${quoted(value)}`
    const parsed = parseQuery(`${withoutField(search.q, field)} ${clause}`.trim(), { currency })
    if (!parsed.ok) return []
    const q = printQuery(parsed.query, { currency })
    return [{ id, label, onPress: () => onSearch({ q }) }]
  }

  return (row) => [
    { id: 'open', label: 'Open', keys: 'Enter', onPress: () => onOpen(row, { newTab: false }) },
    {
      id: 'open-tab',
      label: 'Open in new tab',
      keys: 'Mod+Enter',
      onPress: () => onOpen(row, { newTab: true }),
    },
    { kind: 'divider', id: 'acts' },
    {
      id: 'refund',
      label: 'Refund…',
      keys: 'R',
      disabledReason: refundReason(row),
      onPress: () => void navigate({ to: '/orders/$orderId/refund', params: { orderId: row.orderRef } }),
    },
    {
      id: 'check',
      label: 'Check status',
      keys: 'S',
      disabledReason: canSync.reason,
      onPress: () => onCheck(row),
    },
    { kind: 'divider', id: 'copies' },
    { id: 'copy', label: 'Copy ID', keys: 'C', onPress: () => void copyText(row.orderRef, 'order ID') },
    {
      id: 'copy-amount',
      label: 'Copy amount',
      onPress: () => void copyText(amountText(row), 'amount'),
    },
    {
      id: 'copy-row',
      label: 'Copy row',
      disabledReason: copyProblem([row], columns),
      onPress: () => void copyText(rowsText([row], { columns, zone }), 'row'),
    },
    {
      id: 'link',
      label: 'Copy link',
      keys: 'Shift+C',
      onPress: () =>
        void copyText(`${window.location.origin}${orderPath(row.orderRef)}`, 'link to the order'),
    },
    {
      id: 'place',
      label: 'Copy link to this place',
      onPress: () =>
        void copyText(
          `${window.location.origin}${listPath({ ...search, at: row.id })}`,
          'link to this place',
        ),
    },
    { kind: 'divider', id: 'filters' },
    ...filterBy('gateway', `Only ${gatewayLabel(row.gateway ?? '')}`, row.gateway?.toLowerCase()),
    // Not by the name: namesakes have the same, and some roles see it masked. Whatever the ID looks like, in full.
    ...filterBy('customer', 'Only this customer', row.customerRef && `=${row.customerRef}`),
    ...filterBy(
      'method',
      'Only this method',
      METHOD_WORDS.find((word) => METHOD_TYPES[word] === row.methodType?.toUpperCase()),
    ),
  ]
}

/** A filter without its clauses on `field`: several values of one field are alternatives, and would not narrow. */
function withoutField(q: string, field: string): string {
  return q.replace(new RegExp(`(^|\\s)-?${field}:(?:"[^"]*"|[^\\s"])+`, 'gi'), '').trim()
}

function quoted(text: string): string {
  return /[\s,"]/.test(text) ? `"${text.replaceAll('"', '')}"` : text
}
