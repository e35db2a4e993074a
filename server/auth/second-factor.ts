/**
 * The second factor: an authenticator app, with recovery codes for the day it is lost. The sign-in library has such a
 * part, but takes a code more than once (RFC 6238 §5.2 forbids it), puts no limit on codes of a session that is open,
 * and can give its recovery codes out again; so the few lines are ours, over our own tables and clock.
 */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { Actor, StaffActor } from '../domain/actor.ts'
import { Refusal } from '../domain/refusal.ts'
import { openBytes, sealBytes } from '../store/sealing.ts'
import type { Store, StoreTx } from '../store/store.ts'
import { base32, otpauthUri, stepOfCode } from './totp.ts'

const SECRET_BYTES = 20
const SECRET_USE = 'paydesk second factor v1'
const RECOVERY_CODES = 10
/** Letters and digits that nobody confuses on paper; 12 of them are 60 bits. */
const RECOVERY_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const RECOVERY_LENGTH = 12
const ISSUER = 'Paydesk'

export type SecondFactorState = {
  on: boolean
  confirmedAt: Date | null
  recoveryCodesLeft: number
}

export type SecondFactors = {
  state(userId: string): Promise<SecondFactorState>
  /** Makes a secret for the app. @throws Refusal conflict when there is a confirmed one */
  begin(person: StaffActor): Promise<{ secret: string; uri: string }>
  /**
   * Switches the factor on with a first code, and ends the person's other sessions.
   * @throws Refusal wrong_code, conflict
   */
  confirm(person: StaffActor & { sessionId: string }, code: string): Promise<{ recoveryCodes: string[] }>
  /** New recovery codes; the old ones are void. @throws Refusal conflict */
  renewRecoveryCodes(person: StaffActor): Promise<{ recoveryCodes: string[] }>
  /**
   * Takes the factor away and ends the sessions of the person, all but `keepSession`. @throws Refusal conflict when
   * there is none
   */
  remove(actor: Actor, userId: string, keepSession: string | null): Promise<void>
  /** Uses a code of the app or a recovery code up; null when it is not right or was used before. */
  use(userId: string, code: string): Promise<'app' | 'recovery' | null>
}

/** Makes the second factors of one server. `secretKey` seals secrets and keys the hashes of recovery codes. */
export function createSecondFactors(options: {
  store: Store
  clock: { now(): Date }
  secretKey: Uint8Array
}): SecondFactors {
  const { store, clock, secretKey } = options
  const recoveryKey = Buffer.from(
    hkdfSync('sha256', secretKey, new Uint8Array(0), 'paydesk recovery codes v1', 32),
  )
  // Keyed, so that a copy of the database alone does not let anybody try codes.
  const hashRecoveryCode = (userId: string, code: string) =>
    createHmac('sha256', recoveryKey)
      .update(`${userId} ${plainCode(code)}`)
      .digest('base64url')

  async function giveRecoveryCodes(tx: StoreTx, userId: string): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
    const hashes = codes.map((code) => hashRecoveryCode(userId, code))
    await tx.secondFactors.replaceRecoveryCodes(userId, hashes, clock.now())
    return codes
  }

  return {
    async state(userId) {
      const factor = await store.secondFactors.of(userId)
      const on = factor !== null && factor.confirmedAt !== null
      return {
        on,
        confirmedAt: factor?.confirmedAt ?? null,
        recoveryCodesLeft: on ? await store.secondFactors.recoveryCodesLeft(userId) : 0,
      }
    },

    async begin(person) {
      const secret = randomBytes(SECRET_BYTES)
      const sealed = sealBytes(secretKey, SECRET_USE, secret)
      if (!(await store.secondFactors.begin(person.userId, sealed, clock.now()))) throw alreadyOn()
      return { secret: base32(secret), uri: otpauthUri({ secret, issuer: ISSUER, account: person.email }) }
    },

    async confirm(person, code) {
      const factor = await store.secondFactors.of(person.userId)
      if (factor === null) throw new Refusal('conflict', 'Start the set-up again.')
      if (factor.confirmedAt !== null) throw alreadyOn()
      const step = stepOfCode(openBytes(secretKey, SECRET_USE, factor.sealedSecret), code, clock.now())
      if (step === null) throw wrongCode()
      return store.transaction(async (tx) => {
        const { userId } = person
        if (!(await tx.secondFactors.confirm(userId, factor.sealedSecret, step, clock.now())))
          throw new Refusal('conflict', 'The set-up was started again elsewhere.', 'Start it again here.')
        const recoveryCodes = await giveRecoveryCodes(tx, person.userId)
        await tx.staff.endSessionsOf(person.userId, person.sessionId)
        await tx.audit.append(deed(person, 'second_factor.set_up', person.userId))
        return { recoveryCodes }
      })
    },

    renewRecoveryCodes: (person) =>
      store.transaction(async (tx) => {
        if (!(await tx.secondFactors.isOn(person.userId))) throw notOn()
        const recoveryCodes = await giveRecoveryCodes(tx, person.userId)
        await tx.audit.append(deed(person, 'second_factor.new_recovery_codes', person.userId))
        return { recoveryCodes }
      }),

    remove: (actor, userId, keepSession) => removeSecondFactor(store, actor, userId, keepSession),

    async use(userId, code) {
      const factor = await store.secondFactors.of(userId)
      if (factor === null || factor.confirmedAt === null) return null
      const now = clock.now()
      const step = stepOfCode(openBytes(secretKey, SECRET_USE, factor.sealedSecret), code, now)
      if (step !== null) return (await store.secondFactors.useStep(userId, step)) ? 'app' : null
      const used = await store.secondFactors.useRecoveryCode(userId, hashRecoveryCode(userId, code), now)
      return used ? 'recovery' : null
    },
  }
}

/** What {@link SecondFactors.remove} does, for those who have no key to open secrets with. */
export function removeSecondFactor(
  store: Store,
  actor: Actor,
  userId: string,
  keepSession: string | null,
): Promise<void> {
  return store.transaction(async (tx) => {
    if (!(await tx.secondFactors.remove(userId))) throw notOn()
    await tx.staff.endSessionsOf(userId, keepSession)
    await tx.audit.append(deed(actor, 'second_factor.remove', userId))
  })
}

function deed(actor: Actor, action: string, userId: string) {
  return { actor, action, subjectKind: 'staff', subjectId: userId, outcome: 'done' as const }
}

const alreadyOn = () => new Refusal('conflict', 'A second step is set up already.')
const notOn = () => new Refusal('conflict', 'There is no second step set up.')
const wrongCode = () =>
  new Refusal(
    'invalid_input',
    'The code is not right.',
    'Wait for the next one, and check that the clock of the phone is right.',
  )

/** "k3f9-8mqa-7xzp". */
function newRecoveryCode(): string {
  let code = ''
  while (code.length < RECOVERY_LENGTH) {
    const byte = randomBytes(1).readUInt8()
    // Bytes beyond the last whole alphabet would make its first letters likelier.
    if (byte < 256 - (256 % RECOVERY_ALPHABET.length))
      code += RECOVERY_ALPHABET.charAt(byte % RECOVERY_ALPHABET.length)
  }
  return code.replaceAll(/(.{4})(?=.)/g, '$1-')
}

/** As typed from paper: case, spaces and dashes do not matter. */
function plainCode(code: string): string {
  return code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}
