/** Files that a person gives away. They go past tRPC, which takes JSON only. */
import { z } from 'zod/mini'
import type { Problem } from '../ui/states.tsx'

const made = z.object({ batchId: z.string() })
const refused = z.object({
  error: z.object({ code: z.string(), message: z.string(), requestId: z.string() }),
})

export type Uploaded = { ok: true; batchId: string } | { ok: false; problem: Problem }

const UNANSWERED = 'Nothing was refunded. Look at the list of batches before you try again.'

/** Sends a file of refunds; the answer names the batch made of it. */
export async function uploadFile(file: File): Promise<Uploaded> {
  const query = new URLSearchParams({ name: file.name, requestKey: crypto.randomUUID() })
  try {
    const reply = await fetch(`/uploads/bulk-refunds?${query.toString()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
    })
    const answer: unknown = await reply.json()
    if (reply.ok) return { ok: true, ...made.parse(answer) }
    const { error } = refused.parse(answer)
    const title = error.code === 'body_too_large' ? 'This file is larger than 5 MB.' : error.message
    return { ok: false, problem: { title, message: 'No batch was made.', requestId: error.requestId } }
  } catch {
    return { ok: false, problem: { title: 'Paydesk did not answer.', message: UNANSWERED } }
  }
}
