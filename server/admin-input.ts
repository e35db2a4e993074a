/** How `npm run admin` reads secrets: from standard input, never from arguments (shell history, process list). */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { z } from 'zod'

/** What was typed cannot be used; the message says what to type. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** `value` as `shape` reads it. @throws UsageError with every problem on its own line */
export function parseInput<T>(shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  throw new UsageError(parsed.error.issues.map((issue) => issue.message).join('\n'))
}

const PASSWORD_MIN = 12
const PASSWORD_MAX = 128

/** One line of standard input. @throws UsageError for a password outside of the limits */
export async function readPassword(): Promise<string> {
  const { stdin, stdout } = process
  if (stdin.isTTY) stdout.write(`Password (${PASSWORD_MIN} characters or more): `)
  const reader = createInterface({ input: stdin, terminal: false })
  try {
    for await (const line of reader) {
      if (line.length >= PASSWORD_MIN && line.length <= PASSWORD_MAX) return line
      throw new UsageError(`The password must have ${PASSWORD_MIN} to ${PASSWORD_MAX} characters.`)
    }
    throw new UsageError('No password came on standard input.')
  } finally {
    reader.close()
  }
}

/** The credentials of an account, unchecked: asked for one by one at a terminal, else one JSON object. */
export async function readAccountSecrets(): Promise<unknown> {
  if (process.stdin.isTTY) return askForSecrets()
  const given = await text(process.stdin)
  try {
    const parsed: unknown = JSON.parse(given)
    return parsed
  } catch {
    throw new UsageError(
      'Standard input must be one JSON object: {"apiKey":"…","webhookPassword":"…","responseKey":"…"}.',
    )
  }
}

async function askForSecrets(): Promise<Record<string, unknown>> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: unseen, terminal: true })
  reader.on('SIGINT', () => process.exit(130))
  const ask = async (question: string): Promise<string> => {
    process.stdout.write(`${question}: `)
    const answer = await reader.question('')
    process.stdout.write('\n')
    return answer.trim()
  }
  try {
    const apiKey = await ask('Juspay API key (not shown)')
    const webhookPassword = await ask('Webhook password (not shown)')
    const responseKey = await ask('Response key (not shown)')
    const path = await ask('File of the signing key in PEM, not shown (Enter: none)')
    if (path === '') return { apiKey, webhookPassword, responseKey }
    const signingKeyId = await ask('Id of the signing key at Juspay (not shown)')
    return { apiKey, webhookPassword, responseKey, signingKey: readPem(path), signingKeyId }
  } finally {
    reader.close()
  }
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`The signing key cannot be read: ${error instanceof Error ? error.message : ''}`)
  }
}
