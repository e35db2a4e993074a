import type { FastifyInstance } from 'fastify'

/** A request body as received and as flat parameters; nested JSON objects get dotted names ("metadata.webhook_url"). */
export type ParsedBody = { raw: string; params: Params }

export type Params = ReadonlyMap<string, unknown>

const EMPTY: ParsedBody = { raw: '', params: new Map() }

/** Objects that arrive either nested or with dotted keys; all other objects stay values. */
const NESTED = new Set(['metadata', 'options', 'order', 'mandate'])

/** Flat form or JSON parameters (reference 1.3: both are accepted everywhere). */
export function flatten(fields: Iterable<[string, unknown]>): Params {
  const params = new Map<string, unknown>()
  for (const [key, value] of fields) {
    if (NESTED.has(key) && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [inner, nested] of Object.entries(value)) params.set(`${key}.${inner}`, nested)
    } else {
      params.set(key, value)
    }
  }
  return params
}

function parseJson(raw: string): ParsedBody {
  const parsed: unknown = raw.trim() === '' ? {} : JSON.parse(raw)
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
  return { raw, params: isObject ? flatten(Object.entries(parsed)) : new Map() }
}

function parseForm(raw: string): ParsedBody {
  return { raw, params: flatten(new URLSearchParams(raw)) }
}

/** Makes Fastify read JSON and forms into `ParsedBody`; malformed JSON becomes a 400 of the caller's error handler. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, raw, done) => {
    try {
      done(null, parseJson(String(raw)))
    } catch {
      done(Object.assign(new Error('The body is not valid JSON.'), { statusCode: 400 }))
    }
  })
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, raw, done) =>
    done(null, parseForm(String(raw))),
  )
}

export function bodyOf(body: unknown): ParsedBody {
  return typeof body === 'object' && body !== null && 'params' in body ? (body as ParsedBody) : EMPTY // made by the parsers above
}

/** A scalar parameter as text; absent, null and objects are undefined, "" stays "". */
export function text(params: Params, name: string): string | undefined {
  const value = params.get(name)
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return undefined
}
