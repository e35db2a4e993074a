import { describe, expect, test } from 'vitest'
import {
  INTEGRATION_STEPS,
  integrationStep,
  integrationSteps,
  type IntegrationFacts,
  type Proof,
} from '../../server/domain/integration.ts'
import { seenByCall } from '../../server/domain/integration-proof.ts'
import { silentSwitches } from '../../server/domain/silent-switch.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 26, 6, minute))
const seen = (minute: number, words = 'ORD1') => ({ at: at(minute), words })
const never: Proof = { proved: null, failed: null }

/** An account that was just added and has done nothing. */
const NEW: IntegrationFacts = {
  environment: 'sandbox',
  authMode: 'basic',
  secrets: { apiKey: 'set', webhookPassword: 'set', responseKey: 'set', signingKey: 'set' },
  proofs: {
    credentials: never,
    signed: never,
    initiate: never,
    session: never,
    process: never,
    return: never,
    status: never,
    refund: never,
  },
  webhook: { receivedAt: null, silent: false, refused: null },
  refund: null,
  autoRefund: null,
  keptConflicts: 0,
}

const withProof = (step: keyof IntegrationFacts['proofs'], proof: Partial<Proof>): IntegrationFacts => ({
  ...NEW,
  proofs: { ...NEW.proofs, [step]: { ...never, ...proof } },
})

const switchOf = (facts: IntegrationFacts, id: string) => silentSwitches(facts).find((one) => one.id === id)

describe('the steps', () => {
  test('of a new account are all missing, and each says what to do', () => {
    const steps = integrationSteps(NEW)
    expect(steps.map(({ id, state }) => [id, state])).toEqual(INTEGRATION_STEPS.map((id) => [id, 'missing']))
    for (const { fix } of steps) expect(fix?.words).toMatch(/\.$/)
  })

  test('are proved by what was seen, with its time and words', () => {
    expect(integrationStep('session', withProof('session', { proved: seen(3) }))).toMatchObject({
      state: 'proved',
      provedAt: at(3),
      words: 'Juspay made order ORD1 and gave its payload.',
      fix: null,
    })
    const received = { ...NEW, webhook: { ...NEW.webhook, receivedAt: at(4) } }
    expect(integrationStep('webhook', received)).toMatchObject({ state: 'proved', provedAt: at(4) })
    expect(integrationStep('refund', { ...NEW, refund: seen(5) })).toMatchObject({
      state: 'proved',
      words: 'Juspay paid a refund of order ORD1 back.',
    })
  })

  test('fail when the newest that was seen was a failure, and are well again after it', () => {
    const failed = seen(5, 'Juspay did not accept our credentials (HTTP 401)')
    const before = integrationStep('credentials', withProof('credentials', { proved: seen(3), failed }))
    expect(before).toMatchObject({ state: 'failing', provedAt: at(3), failedAt: at(5), words: failed.words })
    expect(before.fix?.words).toContain('API Keys')
    expect(
      integrationStep('credentials', withProof('credentials', { proved: seen(6), failed })),
    ).toMatchObject({ state: 'proved', fix: null })
  })

  test('name the exact fix of a return address by why it was not believed', () => {
    const failing = (reason: string) =>
      integrationStep('return', withProof('return', { proved: seen(1, 'GET'), failed: seen(2, reason) }))
    expect(failing('unsigned')).toMatchObject({
      state: 'failing',
      words: 'A customer came back without Juspay’s signature.',
    })
    expect(failing('unsigned').fix?.words).toContain('Use signed response')
    expect(failing('signature_differs').fix?.words).toContain('response key here is not the one at Juspay')
  })

  test('say which credential is not there at all', () => {
    const secrets = {
      ...NEW.secrets,
      apiKey: 'missing',
      responseKey: 'missing',
      signingKey: 'missing',
    } as const
    const facts = { ...NEW, secrets }
    expect(integrationStep('credentials', facts).fix?.words).toMatch(/^No API key is stored/)
    expect(integrationStep('return', facts).fix?.words).toMatch(/^No response key is stored/)
    expect(integrationStep('signed', facts).fix).toMatchObject({ to: '/settings?section=keys' })
  })

  test('take a refused webhook for a failure only when nothing came after it', () => {
    const refused = { ...seen(5, 'Wrong user name.'), advice: 'Set the user demowebhook.' }
    const facts = (receivedAt: Date | null) => ({ ...NEW, webhook: { receivedAt, silent: false, refused } })
    expect(integrationStep('webhook', facts(null))).toMatchObject({
      state: 'failing',
      words: 'Wrong user name.',
      fix: { words: 'Set the user demowebhook.' },
    })
    expect(integrationStep('webhook', facts(at(6)))).toMatchObject({ state: 'proved' })
  })
})

describe('what a call proves', () => {
  const steps = (end: Parameters<typeof seenByCall>[2], step: 'session' | 'status' | 'refund' = 'status') =>
    seenByCall(step, 'ORD1', end).map((one) => [one.step, one.ok])

  test('an answer proves the credentials and the step', () => {
    expect(steps({ ok: true }, 'session')).toEqual([
      ['credentials', true],
      ['session', true],
    ])
  })

  test('"no such order" answers a question about status, and refuses a refund', () => {
    const end = { ok: false, kind: 'rejected', answered: true, notFound: true, words: 'no' } as const
    expect(steps(end)).toEqual([
      ['credentials', true],
      ['status', true],
    ])
    expect(steps(end, 'refund')).toEqual([
      ['credentials', true],
      ['refund', false],
    ])
  })

  test('a call that was refused here, before it was sent, proves nothing', () => {
    expect(steps({ ok: false, kind: 'rejected', answered: false, notFound: true, words: 'no' })).toEqual([])
  })

  test('credentials that are not accepted say nothing about the step', () => {
    expect(steps({ ok: false, kind: 'unauthorised', words: '401' })).toEqual([['credentials', false]])
  })

  test.each(['unavailable', 'uncertain', 'malformed'] as const)(
    '%s says nothing about credentials',
    (kind) => {
      expect(steps({ ok: false, kind, words: 'no' })).toEqual([['status', false]])
    },
  )
})

describe('the silent switches', () => {
  test('are not known of a new account, or do not matter', () => {
    expect(silentSwitches(NEW).map(({ id, state }) => [id, state])).toEqual([
      ['signed_response', 'unknown'],
      ['webhooks', 'unknown'],
      ['post_return', 'unknown'],
      ['auto_refund', 'unknown'],
      ['encryption', 'note'],
    ])
  })

  test('signed responses are off when customers come back unsigned, and on when they come signed', () => {
    expect(switchOf(withProof('return', { failed: seen(2, 'unsigned') }), 'signed_response')).toMatchObject({
      state: 'off',
    })
    expect(switchOf(withProof('return', { proved: seen(3, 'POST') }), 'signed_response')?.state).toBe('on')
  })

  test('webhooks are off when Juspay answers and none ever came, and when they have stopped', () => {
    expect(switchOf(withProof('session', { proved: seen(1) }), 'webhooks')?.state).toBe('off')
    const came = (silent: boolean) => ({ ...NEW, webhook: { receivedAt: at(1), silent, refused: null } })
    expect(switchOf(came(false), 'webhooks')?.state).toBe('on')
    expect(switchOf(came(true), 'webhooks')?.state).toBe('off')
  })

  test('the method of the return is told, and either is right', () => {
    expect(switchOf(withProof('return', { proved: seen(1, 'POST') }), 'post_return')).toMatchObject({
      state: 'note',
      words: 'Customers come back by POST. GET and POST are both taken.',
    })
  })

  test('automatic refunds are off when money that came late or twice stays, whatever was returned before', () => {
    const facts = { ...NEW, autoRefund: seen(1) }
    expect(switchOf(facts, 'auto_refund')?.state).toBe('on')
    expect(switchOf({ ...facts, keptConflicts: 2 }, 'auto_refund')).toMatchObject({
      state: 'off',
      words: '2 payments came late or twice, and the money is still here.',
      fix: { to: '/reconciliation' },
    })
  })

  test('encryption is on only when calls on /v4 are understood', () => {
    const jwe = (proof: Partial<Proof>) => ({ ...withProof('credentials', proof), authMode: 'jwe' as const })
    expect(switchOf(jwe({ proved: seen(1) }), 'encryption')?.state).toBe('on')
    expect(switchOf(jwe({ proved: seen(1), failed: seen(2, 'HTTP 401') }), 'encryption')).toMatchObject({
      state: 'off',
      words: 'HTTP 401',
    })
    expect(switchOf(jwe({}), 'encryption')?.state).toBe('unknown')
  })
})
