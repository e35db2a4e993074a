/** Sign-in and sign-out: the auth library's own routes, by fetch. */
import { z } from 'zod'

export type SignInOutcome = { kind: 'signed-in' } | { kind: 'refused'; message: string }

const WRONG = 'Email or password is not right.'

/** Signs in with a password. The message never says which of the two was wrong. */
export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  let response: Response
  try {
    response = await post('/api/auth/sign-in/email', { email, password })
  } catch {
    return { kind: 'refused', message: 'Paydesk did not answer. Check your connection, then sign in again.' }
  }
  if (response.ok) return { kind: 'signed-in' }
  if (response.status === 429) {
    const seconds = z.coerce.number().int().positive().safeParse(response.headers.get('x-retry-after'))
    return {
      kind: 'refused',
      message: seconds.success
        ? `Too many tries. Try again in ${seconds.data} s.`
        : 'Too many tries. Try again in a minute.',
    }
  }
  if (response.status >= 500) {
    return {
      kind: 'refused',
      message: 'Sign-in is not working right now. It is logged. Try again in a moment.',
    }
  }
  return { kind: 'refused', message: WRONG }
}

/** Ends the session on the server. */
export async function signOut(): Promise<void> {
  await post('/api/auth/sign-out', {})
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

/** Where to go after sign-in: only addresses of this application, never another site. */
export function safeNext(next: string | undefined): string {
  if (!next || !/^\/(?![/\\])/.test(next) || next.startsWith('/sign-in')) return '/'
  return next
}
