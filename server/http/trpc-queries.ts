/**
 * The dashboard's reads by the shortest way. The library answers every call through the web's request, header and
 * response objects, which cost a page of orders as much as reading it; here the same procedures are called and the same
 * answers made without them. What is not plainly a batch of queries is left to the library, down to its refusals.
 */
import {
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  transformTRPCResponse,
  type TRPCError,
} from '@trpc/server'
import { getHTTPStatusCode } from '@trpc/server/http'
import type { IncomingHttpHeaders } from 'node:http'
import type { Context } from '../trpc/context.ts'
import { BATCH_MAX } from '../trpc/init.ts'
import { appRouter } from '../trpc/router.ts'
import { serialisedText } from '../trpc/transformer.ts'

/** Queries of one HTTP request; `isBatch` says whether the answer is a list. */
export type Queries = { isBatch: boolean; calls: readonly { path: string; input: unknown }[] }

export type QueriesAnswer = { status: number; text: string }

/** Headers by which a caller asks for a form that is the library's. */
const OTHER_FORMS = ['content-type', 'trpc-accept'] as const
const { procedures, _config: config } = appRouter._def
/** Flat at run time, by path; the library's type says otherwise. */
const QUERIES = new Set(
  Object.entries<unknown>(procedures).flatMap(([path, one]) => (isQuery(one) ? [path] : [])),
)

/** Reads a GET of the API; null for what the library has to look at. @param path as the router of HTTP decoded it */
export function readQueries(
  path: string,
  parameters: Readonly<Record<string, unknown>>,
  headers: IncomingHttpHeaders,
): Queries | null {
  const { batch, input: text, ...others } = parameters
  if (Object.keys(others).length > 0 || !isOnce(batch) || !isOnce(text)) return null
  if (OTHER_FORMS.some((name) => headers[name] !== undefined) || headers.accept?.includes('jsonl'))
    return null
  const isBatch = batch === '1'
  const paths = isBatch ? path.split(',') : [path]
  if (paths.length > BATCH_MAX || !paths.every((one) => QUERIES.has(one))) return null
  try {
    const given: unknown = text ? JSON.parse(text) : undefined
    const inputs = inputsOf(given, isBatch)
    if (inputs === null) return null
    return { isBatch, calls: paths.map((one, index) => ({ path: one, input: inputs[index] })) }
  } catch {
    return null
  }
}

/** A parameter that stands there once or not at all. */
function isOnce(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

/** Inputs by the place of their call; null when they are in no form for it. */
function inputsOf(given: unknown, isBatch: boolean): Readonly<Record<number, unknown>> | null {
  if (given === undefined) return {}
  if (!isBatch) return { 0: config.transformer.input.deserialize(given) }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
  return Object.fromEntries(
    Object.entries(given).map(([index, input]) => [index, config.transformer.input.deserialize(input)]),
  )
}

/** Calls them side by side, and answers as the library does: 207 where they did not all end alike. */
export async function answerQueries(
  { isBatch, calls }: Queries,
  ctx: Context,
  onError: (failed: { error: TRPCError; path: string }) => void,
): Promise<QueriesAnswer> {
  const answers = await Promise.all(
    calls.map(async ({ path, input }, batchIndex): Promise<QueriesAnswer> => {
      const call = { path, ctx, type: 'query', batchIndex } as const
      let data: unknown
      try {
        const getRawInput = () => Promise.resolve(input)
        data = await callTRPCProcedure({ ...call, router: appRouter, getRawInput, signal: undefined })
      } catch (cause) {
        const error = getTRPCErrorFromUnknown(cause)
        onError({ error, path })
        const failed = { error: getTRPCErrorShape({ ...call, config, error, input }) }
        return {
          status: getHTTPStatusCode(failed),
          text: JSON.stringify(transformTRPCResponse(config, failed)),
        }
      }
      return { status: 200, text: `{"result":{"data":${serialisedText(data)}}}` }
    }),
  )
  const [first, ...others] = answers
  if (first === undefined) throw new Error('a request without a call')
  if (!isBatch) return first
  return {
    status: others.every(({ status }) => status === first.status) ? first.status : 207,
    text: `[${answers.map(({ text }) => text).join(',')}]`,
  }
}

/** Whether a procedure of the router is a query. */
export function isQuery(procedure: unknown): boolean {
  const definition: unknown = Reflect.get(Object(procedure), '_def')
  return Reflect.get(Object(definition), 'type') === 'query'
}
