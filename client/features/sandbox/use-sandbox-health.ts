import { useQuery } from '@tanstack/react-query'

const ASK_EVERY_MS = 10_000
const ANSWER_WITHIN_MS = 4_000

export type SandboxHealth = 'checking' | 'up' | 'down'

/** Whether the simulator answers this browser. The answer is opaque to us; that there is one is all we need. */
export function useSandboxHealth(url: string): SandboxHealth {
  const answer = useQuery({
    queryKey: ['sandbox-health', url],
    queryFn: async () => {
      await fetch(new URL('/healthz', url), {
        mode: 'no-cors',
        cache: 'no-store',
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      return true
    },
    refetchInterval: ASK_EVERY_MS,
    retry: false,
  })
  if (answer.status === 'error') return 'down'
  return answer.data ? 'up' : 'checking'
}
