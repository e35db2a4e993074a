import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { ViewAlertList } from '../../features/orders/view-alert-list.tsx'
import { SETTINGS_SECTIONS } from '../../features/settings/settings-sections.ts'
import { SettingsScreen } from '../../features/settings/settings-screen.tsx'
import { oneOf } from '../../lib/search-params.ts'

const DEFAULTS = { section: 'account' } as const

const searchSchema = z.object({
  section: oneOf(SETTINGS_SECTIONS, DEFAULTS.section),
})

export const Route = createFileRoute('/_app/settings')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULTS)] },
  component: Settings,
})

function Settings() {
  return <SettingsScreen section={Route.useSearch().section} notifications={<ViewAlertList />} />
}
