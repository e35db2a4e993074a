import { useRouter } from '@tanstack/react-router'
import { toast } from '../ui/toasts.tsx'
import { signOut } from './auth.ts'
import { depart } from './departure.ts'
import { queryClient } from './trpc.ts'

/** Ends the session and leads to the sign-in, where nothing is left of whoever was here. */
export function useSignOut(): () => Promise<void> {
  const router = useRouter()
  return async () => {
    try {
      await signOut()
    } catch {
      toast.error(
        'You are still signed in.',
        'Paydesk did not answer. Check your connection, then sign out again.',
      )
      return
    }
    depart()
    queryClient.clear()
    await router.navigate({ to: '/sign-in', search: {} })
    // What the page that was left said on the way.
    depart()
  }
}
