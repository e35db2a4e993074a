import type { Icon } from '@tabler/icons-react'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconArrowBackUp from '@tabler/icons-react/dist/esm/icons/IconArrowBackUp.mjs'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconCircleHalf2 from '@tabler/icons-react/dist/esm/icons/IconCircleHalf2.mjs'
import IconCircleOff from '@tabler/icons-react/dist/esm/icons/IconCircleOff.mjs'
import IconClock from '@tabler/icons-react/dist/esm/icons/IconClock.mjs'
import IconFlag from '@tabler/icons-react/dist/esm/icons/IconFlag.mjs'
import IconFlask from '@tabler/icons-react/dist/esm/icons/IconFlask.mjs'
import IconQuestionMark from '@tabler/icons-react/dist/esm/icons/IconQuestionMark.mjs'
import IconShieldCheck from '@tabler/icons-react/dist/esm/icons/IconShieldCheck.mjs'
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import type { StatusRole } from './status-role.ts'

const ICONS: Readonly<Record<StatusRole, Icon>> = {
  charged: IconCheck,
  pending: IconClock,
  authorised: IconShieldCheck,
  failed: IconX,
  refunded: IconArrowBackUp,
  partial: IconCircleHalf2,
  disputed: IconFlag,
  voided: IconCircleOff,
  review: IconAlertTriangle,
  unknown: IconQuestionMark,
  sandbox: IconFlask,
}

/** The shape that goes with a state, because colour never stands alone. Decorative: the word is beside it. */
export function StatusIcon({ status, size = 14 }: { status: StatusRole; size?: number }) {
  const Shape = ICONS[status]
  return <Shape size={size} stroke={1.75} aria-hidden focusable={false} />
}
