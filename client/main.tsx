// First: it brings the page-wide styles, over which the styles of every part go.
import { KitProvider } from './ui/kit-provider.tsx'
import { localStorageColorSchemeManager } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useEffect, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { SCHEME_KEY, usePreferences } from './lib/preferences.ts'
import { queryClient, trpcClient, TRPCProvider } from './lib/trpc.ts'
import { router } from './router.tsx'
import { RouterLink } from './lib/router-link.tsx'

const schemeManager = localStorageColorSchemeManager({ key: SCHEME_KEY })

/** The kit with this person's choices. The environment is set again by the signed-in layout, which knows the account. */
function Kit({ children }: { children: ReactNode }) {
  const { timeZone, density, singleKeys } = usePreferences()
  useEffect(() => {
    document.documentElement.dataset['density'] = density
  }, [density])
  return (
    <KitProvider
      settings={{ productName: 'Paydesk', timeZone, density, singleKeys, link: RouterLink }}
      colorSchemeManager={schemeManager}
    >
      {children}
    </KitProvider>
  )
}

const container = document.getElementById('root')
if (!container) throw new Error('index.html has no #root')

createRoot(container).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        <Kit>
          <RouterProvider router={router} />
        </Kit>
      </TRPCProvider>
    </QueryClientProvider>
  </StrictMode>,
)
