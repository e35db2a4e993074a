import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { outcomeOf, toActProblem, toProblem } from '../../lib/errors.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { Page, PageScroll, Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows, Notice } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SetUp } from './set-up.tsx'
import css from './security.module.css'

/** One's own sign-in: the second step, its recovery codes, and the account's rule about it. */
export function SecurityScreen() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const state = useQuery(trpc.secondFactor.state.queryOptions())
  const [codes, setCodes] = useState<readonly string[] | null>(null)

  async function renew() {
    await Promise.all([
      client.invalidateQueries({ queryKey: trpc.secondFactor.pathKey() }),
      client.invalidateQueries({ queryKey: trpc.session.get.queryKey() }),
    ])
  }
  function show(recoveryCodes: readonly string[]) {
    setCodes(recoveryCodes)
    void renew()
  }

  return (
    <Page title="Security">
      <PageScroll>
        <div className={css['narrow']}>
          {codes ? (
            <RecoveryCodes codes={codes} onSaved={() => setCodes(null)} />
          ) : state.data?.on ? (
            <SecondStepOn state={state.data} onCodes={show} onRemoved={() => void renew()} />
          ) : state.data ? (
            <SecondStepOff onDone={show} />
          ) : state.error ? (
            <ErrorState
              problem={toProblem(state.error, 'your sign-in settings')}
              onRetry={() => void state.refetch()}
            />
          ) : (
            <LoadingRows rows={4} label="Loading your sign-in settings" />
          )}
          <RuleSection onChanged={() => void renew()} />
        </div>
      </PageScroll>
    </Page>
  )
}

function SecondStepOff({ onDone }: { onDone: (codes: readonly string[]) => void }) {
  const trpc = useTRPC()
  const { secondFactorRequired } = useSession()
  const begin = useMutation(trpc.secondFactor.begin.mutationOptions())
  if (begin.data)
    return <SetUp secret={begin.data.secret} uri={begin.data.uri} onDone={onDone} onCancel={begin.reset} />
  const problem = begin.error ? toActProblem(begin.error) : null
  return (
    <Section title="Second step of your sign-in">
      {secondFactorRequired ? (
        <Notice tone="review" title="This account wants a second step of whoever moves money.">
          Until you set it up you can look, but not ask for refunds, approve them or change settings.
        </Notice>
      ) : null}
      <p className="muted">
        Off. With it, signing in and confirming that it is you take a code of an app on your phone, so that a
        stolen password is not enough.
      </p>
      {problem ? (
        <Notice tone="failed" title={problem.title}>
          {problem.message}
        </Notice>
      ) : null}
      <div className={css['actions']}>
        <ActionButton tone="primary" busy={begin.isPending} onPress={() => begin.mutate()}>
          Set up
        </ActionButton>
      </div>
    </Section>
  )
}

type OnProps = {
  state: { confirmedAt: Date | null; recoveryCodesLeft: number }
  onCodes: (codes: readonly string[]) => void
  onRemoved: () => void
}

function SecondStepOn({ state, onCodes, onRemoved }: OnProps) {
  const trpc = useTRPC()
  const { secondFactorRequired } = useSession()
  const renewCodes = useMutation(trpc.secondFactor.renewRecoveryCodes.mutationOptions())
  const remove = useMutation(trpc.secondFactor.remove.mutationOptions())

  async function newCodes() {
    let made: readonly string[] = []
    const done = await confirm({
      title: 'Make new recovery codes?',
      next: ['The old ones stop working now.', 'The new ones are shown once.'],
      verb: 'Make new codes',
      run: () =>
        outcomeOf(async () => {
          made = (await renewCodes.mutateAsync()).recoveryCodes
        }),
    })
    if (done) onCodes(made)
  }
  async function takeAway() {
    const done = await confirm({
      title: 'Remove the second step?',
      next: [
        'Your password alone signs you in again.',
        'Your other devices are signed out.',
        ...(secondFactorRequired ? ['You cannot move money on this account until you set it up again.'] : []),
      ],
      tone: 'danger',
      verb: 'Remove second step',
      run: () => outcomeOf(() => remove.mutateAsync()),
    })
    if (!done) return
    toast.success('Second step removed.')
    onRemoved()
  }
  const few = state.recoveryCodesLeft <= 2
  return (
    <Section title="Second step of your sign-in">
      <FactList
        facts={[
          { label: 'Authenticator app', value: 'On' },
          { label: 'Since', value: state.confirmedAt && <DateTime at={state.confirmedAt} format="full" /> },
          { label: 'Recovery codes left', value: `${state.recoveryCodesLeft} of 10` },
        ]}
      />
      {few ? (
        <Notice tone="review">
          Make new recovery codes, so that you can still sign in when the phone is lost.
        </Notice>
      ) : null}
      <div className={css['actions']}>
        <ActionButton onPress={() => void newCodes()}>New recovery codes</ActionButton>
        <ActionButton tone="danger" onPress={() => void takeAway()}>
          Remove
        </ActionButton>
      </div>
    </Section>
  )
}

/** What the account asks of everybody; an admin changes it. */
function RuleSection({ onChanged }: { onChanged: () => void }) {
  const trpc = useTRPC()
  const can = useCan('settings:write')
  const { account, secondFactorRequired: required } = useSession()
  const setRule = useMutation(trpc.secondFactor.setRule.mutationOptions())
  const production = account.environment === 'production'

  async function change() {
    const done = await confirm({
      title: required
        ? `Let people of ${account.name} move money without a second step?`
        : `Ask everybody of ${account.name} who moves money for a second step?`,
      next: required
        ? ['A password is then enough to approve refunds.']
        : ['Whoever has none sets it up before the next refund, approval or change of settings.'],
      verb: required ? 'Ask no longer' : 'Ask for it',
      run: () => outcomeOf(() => setRule.mutateAsync({ required: !required })),
    })
    if (!done) return
    toast.success(required ? 'A second step is not asked for any more.' : 'A second step is asked for now.')
    onChanged()
  }
  const fixed = production && required ? 'In production a second step is always needed to move money.' : null
  return (
    <Section title={`Rule of ${account.name}`}>
      <p className="muted">
        {required
          ? 'Whoever asks for refunds, approves them, or changes people and settings needs a second step.'
          : 'A second step is not needed to move money here.'}
      </p>
      <div className={css['actions']}>
        <ActionButton disabledReason={can.reason ?? fixed} onPress={() => void change()}>
          {required ? 'Ask no longer' : 'Ask for a second step'}
        </ActionButton>
      </div>
    </Section>
  )
}
