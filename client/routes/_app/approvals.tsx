import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/_app/approvals')({
  component: RouteComponent,
})

function RouteComponent() {
  return <div>Hello "/_app/approvals"!</div>
}
