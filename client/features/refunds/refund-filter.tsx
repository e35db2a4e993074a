import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { REFUND_ORIGINS as ORIGIN_CODES } from '../../../server/domain/refund.ts'
import { saveFile } from '../../lib/download.ts'
import { useCan } from '../../lib/session.ts'
import { useAppliedText } from '../../lib/use-applied-text.ts'
import { FilterBar, type FilterPill, type FilterSuggestion } from '../../ui/filter-bar.tsx'
import { ActionMenu } from '../../ui/menu.tsx'
import { timeRangeLabel, TIME_RANGES } from '../../ui/time-range-menu.tsx'
import { refundFilePath, type RefundSearch } from './refund-views.ts'
import { REFUND_ORIGINS } from './refund-words.ts'

export type RefundFilterProps = {
  search: RefundSearch
  /** Gateways that refunds are on their way with, and the chosen one. */
  gateways: readonly string[]
  onSearch: (change: Partial<RefundSearch>) => void
}

/** The search field of the list, which finds by what identifies a refund; it suggests the filters there are. */
export function RefundFilter({ search, gateways, onSearch }: RefundFilterProps) {
  const { text, setText, submit } = useAppliedText(search.q, (q) => onSearch({ q }))
  const clear = ({ id }: FilterPill) => onSearch({ [id]: '' })
  const choices = choicesOf(search, gateways)
  const typed = text.trim().toLowerCase()
  return (
    <FilterBar
      label="Find refunds"
      placeholder="Order ID, refund ID, UTR or ARN"
      pills={pillsOf(search)}
      onRemove={clear}
      onEdit={clear}
      text={text}
      onTextChange={setText}
      onSubmit={submit}
      suggestions={choices.filter(({ label }) => label.toLowerCase().includes(typed))}
      onAccept={({ id }) => {
        const choice = choices.find((one) => one.id === id)
        if (choice) onSearch(typed === '' ? choice.change : { ...choice.change, q: '' })
      }}
    >
      <ExportButton search={search} />
    </FilterBar>
  )
}

/** The filters that are set. Each is known by the name it has in the address. */
export function pillsOf({ gateway, origin, settled }: RefundSearch): FilterPill[] {
  const pills: (FilterPill & { id: keyof RefundSearch })[] = []
  if (gateway !== '') pills.push({ id: 'gateway', label: 'Gateway', value: gatewayLabel(gateway) })
  if (origin !== '') pills.push({ id: 'origin', label: 'Started', value: REFUND_ORIGINS[origin][0] })
  if (settled !== '') pills.push({ id: 'settled', label: 'Settled', value: timeRangeLabel(settled) })
  return pills
}

type Choice = FilterSuggestion & { change: Partial<RefundSearch> }

function choicesOf(search: RefundSearch, gateways: readonly string[]): Choice[] {
  return [
    ...gateways
      .filter((code) => code !== search.gateway)
      .map((code) => ({
        id: `gateway-${code}`,
        label: `Gateway: ${gatewayLabel(code)}`,
        change: { gateway: code },
      })),
    ...ORIGIN_CODES.filter((code) => code !== search.origin).map((code) => ({
      id: `origin-${code}`,
      label: `Started: ${REFUND_ORIGINS[code][0]}`,
      help: REFUND_ORIGINS[code][1],
      change: { origin: code },
    })),
    ...TIME_RANGES.filter(({ value }) => value !== search.settled && value !== 'all').map(
      ({ value, label }) => ({
        id: `settled-${value}`,
        label: `Settled: ${label}`,
        help: 'refunds that succeeded then',
        change: { settled: value },
      }),
    ),
  ]
}

/** Saves what is listed, all pages of it, as a CSV file. */
function ExportButton({ search }: { search: RefundSearch }) {
  const can = useCan('export:create')
  const entry = (kind: 'csv' | 'xlsx', label: string) => ({
    id: kind,
    label,
    disabledReason: can.reason,
    onPress: () => saveFile(refundFilePath(search, kind)),
  })
  return (
    <ActionMenu
      label="Export these refunds"
      // Excel cuts the long references of a CSV.
      entries={[entry('xlsx', 'XLSX (Excel, keeps long references)'), entry('csv', 'CSV')]}
      trigger={
        <button type="button" className="kit-button">
          Export
        </button>
      }
    />
  )
}
