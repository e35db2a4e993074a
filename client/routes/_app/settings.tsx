import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod'
import { SETTINGS_SECTIONS } from '../../features/settings/settings-sections.ts'
import { SettingsScreen } from '../../features/settings/settings-screen.tsx'

const DEFAULTS = { section: 'account' } as const

const searchSchema = z.object({
  section: z.enum(SETTINGS_SECTIONS).default(DEFAULTS.section).catch(DEFAULTS.section),
})

export const Route = createFileRoute('/_app/settings')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULTS)] },
  component: Settings,
})

function Settings() {
  return <SettingsScreen section={Route.useSearch().section} />
}
