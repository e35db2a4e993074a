import { useQuery } from '@tanstack/react-query'
import { createFileRoute, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { z } from 'zod/mini'
import { ROLE_LABELS, ROLES } from '../../server/domain/permission.ts'
import { safeNext, signIn, signInWithCode, type SignInOutcome } from '../lib/auth.ts'
import { CodeField, RecoveryCodeField } from '../lib/code-field.tsx'
import { queryClient, useTRPC } from '../lib/trpc.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { TextField } from '../ui/fields.tsx'
import { useKit } from '../ui/kit-context.ts'
import { Notice } from '../ui/states.tsx'
import css from './sign-in.module.css'
import { maybe } from '../lib/search-params.ts'

export const Route = createFileRoute('/sign-in')({
  validateSearch: z.object({
    next: maybe(z.string().check(z.maxLength(2000))),
    /** Somebody was at work here until the session ended. */
    ended: maybe(z.literal(true)),
  }),
  component: SignInPage,
})

function SignInPage() {
  const { next, ended } = Route.useSearch()
  const { productName } = useKit()
  const router = useRouter()
  const trpc = useTRPC()
  const demo = useQuery(trpc.session.demo.queryOptions())
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [step, setStep] = useState<'password' | 'code'>('password')

  function entered(outcome: SignInOutcome) {
    setBusy(null)
    if (outcome.kind === 'second-step') return setStep('code')
    if (outcome.kind === 'refused') {
      if (outcome.again) setStep('password')
      return setProblem(outcome.message)
    }
    queryClient.clear()
    router.history.push(safeNext(next))
  }

  async function enter(asEmail: string, withPassword: string) {
    setBusy(asEmail)
    setProblem(null)
    entered(await signIn(asEmail.trim(), withPassword))
  }

  async function enterCode(code: string) {
    setBusy('code')
    setProblem(null)
    entered(await signInWithCode(code.trim()))
  }

  const missing =
    email.trim() === '' ? 'Enter your work email.' : password === '' ? 'Enter your password.' : null
  const demoPassword = demo.data?.enabled ? demo.data.password : null
  return (
    <main className={css['page']}>
      <title>{`Sign in · ${productName}`}</title>
      <div className={css['column']}>
        <p className={css['brand']}>
          <span className={css['mark']} aria-hidden>
            {productName.slice(0, 1)}
          </span>
          {productName}
        </p>
        {step === 'code' ? (
          <SecondStep
            busy={busy !== null}
            problem={problem}
            onCode={(code) => void enterCode(code)}
            onBack={() => {
              setStep('password')
              setProblem(null)
            }}
          />
        ) : (
          <form
            className={css['card']}
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              if (missing) setProblem(missing)
              else void enter(email, password)
            }}
          >
            <h1 className={css['title']}>Sign in</h1>
            {problem ? <Notice tone="failed">{problem}</Notice> : null}
            {ended && !problem ? (
              // The server does not say why a session ended.
              <Notice tone="info">
                You were signed out. Sign in to continue. A session ends after 30 min idle.
              </Notice>
            ) : null}
            <TextField
              label="Work email"
              type="email"
              name="email"
              autoComplete="username"
              value={email}
              onChange={setEmail}
              autoFocus
            />
            <TextField
              label="Password"
              type="password"
              name="password"
              autoComplete="current-password"
              value={password}
              onChange={setPassword}
            />
            <ActionButton type="submit" tone="primary" full busy={busy !== null}>
              Sign in
            </ActionButton>
          </form>
        )}
        {demoPassword && step === 'password' ? (
          <section className={css['demo']} aria-label="Demo sign-ins">
            <h2 className="section-heading">Demo workspace</h2>
            <p className="caption">Pick a person. Nothing here touches real money.</p>
            <ul className={css['people']}>
              {demo.data?.staff.map((person) => (
                <li key={person.email}>
                  <button
                    type="button"
                    className={css['person']}
                    aria-busy={busy === person.email || undefined}
                    onClick={() => void enter(person.email, demoPassword)}
                  >
                    <span>{roleLabel(person.role)}</span>
                    <span className="caption">{person.email}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </div>
    </main>
  )
}

type SecondStepProps = {
  busy: boolean
  problem: string | null
  onCode: (code: string) => void
  onBack: () => void
}

/** The code after the password; six digits send themselves. */
function SecondStep({ busy, problem, onCode, onBack }: SecondStepProps) {
  const [code, setCode] = useState('')
  const [recovery, setRecovery] = useState(false)
  const send = (typed: string) => {
    if (busy || typed.trim() === '') return
    setCode('')
    onCode(typed)
  }
  return (
    <form
      className={css['card']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        send(code)
      }}
    >
      <h1 className={css['title']}>{recovery ? 'Enter a recovery code' : 'Enter the 6-digit code'}</h1>
      {problem ? <Notice tone="failed">{problem}</Notice> : null}
      {recovery ? (
        <RecoveryCodeField value={code} onChange={setCode} />
      ) : (
        <CodeField value={code} onChange={setCode} onComplete={send} />
      )}
      <ActionButton type="submit" tone="primary" full busy={busy}>
        Sign in
      </ActionButton>
      <ActionButton full onPress={() => setRecovery(!recovery)}>
        {recovery ? 'Use the app instead' : 'Use a recovery code'}
      </ActionButton>
      <ActionButton full tone="quiet" onPress={onBack}>
        Back
      </ActionButton>
    </form>
  )
}

function roleLabel(role: string): string {
  const known = ROLES.find((one) => one === role)
  return known ? ROLE_LABELS[known] : role
}
