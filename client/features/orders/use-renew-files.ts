import { useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '../../lib/trpc.ts'

/** Asks again for the person's files, and for what runs, after one was asked for or taken away. */
export function useRenewFiles(): () => Promise<unknown> {
  const trpc = useTRPC()
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: trpc.exports.list.queryKey() }),
      client.invalidateQueries({ queryKey: trpc.session.running.queryKey() }),
    ])
}
