/** Sign-in and sign-out: the auth library's own routes, by fetch. */
import { z } from 'zod/mini'
import { BUSY } from '../../server/domain/refusal.ts'

export type SignInOutcome =
  | { kind: 'signed-in' }
  /** The password was right; a code is wanted next. */
  | { kind: 'second-step' }
  /** `again`: the sign-in has to begin anew. */
  | { kind: 'refused'; message: string; again?: boolean }

const problemShape = z.object({ error: z.object({ code: z.string(), message: z.string() }) })
const secondStepShape = z.object({ secondStep: z.literal(true) })
const retryAfter = z.pipe(z.coerce.number(), z.int().check(z.positive()))

const WRONG = 'Email or password is not right.'

/** Signs in with a password. The message never says which of the two was wrong. */
export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  return outcomeOf(() => post('/api/auth/sign-in/email', { email, password }), WRONG)
}

/** The second step: a code of the app, or a recovery code. */
export async function signInWithCode(code: string): Promise<SignInOutcome> {
  return outcomeOf(
    () => post('/api/auth/sign-in/code', { code }),
    'The code is not right, or was used before.',
  )
}

async function outcomeOf(ask: () => Promise<Response>, wrong: string): Promise<SignInOutcome> {
  let response: Response
  try {
    response = await ask()
  } catch {
    return { kind: 'refused', message: 'Paydesk did not answer. Check your connection, then sign in again.' }
  }
  if (response.ok) {
    const body = secondStepShape.safeParse(await response.json().catch(() => null))
    return { kind: body.success ? 'second-step' : 'signed-in' }
  }
  const trouble = troubleText(response, 'Sign-in')
  if (trouble !== null) return { kind: 'refused', message: trouble }
  const problem = problemShape.safeParse(await response.json().catch(() => null))
  const { code, message } = problem.data?.error ?? { code: null, message: wrong }
  // Whose password was wrong is never said; that a person is switched off is told after the right one.
  if (code === 'access_off' || code === 'sign_in_again')
    return { kind: 'refused', message, again: code === 'sign_in_again' }
  return { kind: 'refused', message: wrong }
}

export type StepUpOutcome = { kind: 'confirmed' } | { kind: 'refused'; message: string }

/** Proves again who is signed in. The answer brings another session, which the browser keeps by itself. */
export async function stepUp(proof: { password: string } | { code: string }): Promise<StepUpOutcome> {
  let response: Response
  try {
    response = await post('/api/auth/step-up', proof)
  } catch {
    return { kind: 'refused', message: 'Paydesk did not answer. Check your connection, then confirm again.' }
  }
  if (response.ok) return { kind: 'confirmed' }
  const trouble = troubleText(response, 'This')
  if (trouble !== null) return { kind: 'refused', message: trouble }
  const problem = problemShape.safeParse(await response.json().catch(() => null))
  return { kind: 'refused', message: problem.data?.error.message ?? 'That is not right.' }
}

/** Ends the session on the server. */
export async function signOut(): Promise<void> {
  await post('/api/auth/sign-out', {})
}

/** What to say when the answer is not about the proof. */
function troubleText(response: Response, what: string): string | null {
  if (response.status === 429) return pauseText(response)
  if (response.status === 503) return BUSY
  if (response.status < 500) return null
  return `${what} is not working right now. It is logged. Try again in a moment.`
}

function pauseText(response: Response): string {
  const seconds = retryAfter.safeParse(response.headers.get('x-retry-after'))
  if (!seconds.success) return 'Too many tries. Try again in a minute.'
  const minutes = Math.ceil(seconds.data / 60)
  return minutes > 1
    ? `Too many tries. Try again in ${minutes} minutes, or ask an admin.`
    : `Too many tries. Try again in ${seconds.data} s.`
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
