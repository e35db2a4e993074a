import { createFileRoute, redirect } from '@tanstack/react-router'

/** The desk opens on its list of payments. */
export const Route = createFileRoute('/_app/')({
  beforeLoad: () => {
    throw redirect({ to: '/transactions', replace: true })
  },
})
