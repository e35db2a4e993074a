import { Link } from '@tanstack/react-router'
import type { KitLinkProps } from '../ui/kit-context.ts'

/**
 * The router's link for the kit. Addresses come as text, query included, because the kit knows no routes; screens that
 * want checked parameters use the router's own link.
 */
export function RouterLink({ to, ...rest }: KitLinkProps) {
  const url = new URL(to, window.location.origin)
  return (
    <Link
      to={url.pathname}
      search={Object.fromEntries(url.searchParams)}
      {...(url.hash && { hash: url.hash.slice(1) })}
      // A view or tab is current only at its very address: the plain list is not, when a filtered one is open.
      activeOptions={{ exact: true, includeSearch: true }}
      activeProps={{}}
      {...rest}
    />
  )
}
