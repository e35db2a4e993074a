import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from './problem.ts'

/** Paths that are never pages: a mistyped one must not be answered with the dashboard. */
const NOT_PAGES = /^\/(trpc|api|sdk|payments|webhooks|healthz|readyz|metrics|downloads|assets)(\/|$|\?)/

const BUILDING = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>Paydesk is starting</title>
<body style="font: 15px/1.6 system-ui, sans-serif; margin: 20vh auto; max-width: 32em; padding: 0 1em">
<h1 style="font-size: 20px">The dashboard is being built</h1>
<p>The server is running and takes webhooks already. This page opens the dashboard when it is ready, usually within a minute.</p>
</body></html>
`

/**
 * The built dashboard. Files with a hash in their name are cached for good; the page itself never is. Every address
 * that is not a file is the page: the client's router decides what it means. Until a build exists a page says so.
 */
export async function clientFiles(app: FastifyInstance, root: string): Promise<void> {
  await app.register(fastifyStatic, {
    // Only `sendFile` is used, which names the root itself: this one has to exist before the first build does.
    root: import.meta.dirname,
    serve: false,
    index: false,
    maxAge: 31_536_000_000,
    immutable: true,
  })
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0] ?? '/'
    const reading = request.method === 'GET' || request.method === 'HEAD'
    if (!reading || (NOT_PAGES.test(path) && !path.startsWith('/assets/')))
      return sendProblem(request, reply, 404, 'not_found', 'There is nothing at this address.')
    if (extname(path) !== '') return sendAsset(request, reply, root, path)
    return sendPage(reply, root)
  })
}

async function sendAsset(
  request: FastifyRequest,
  reply: FastifyReply,
  root: string,
  path: string,
): Promise<FastifyReply> {
  const name = decode(path)
  if (name === null || name.includes('..') || name.includes('\0') || !existsSync(join(root, name)))
    return sendProblem(request, reply, 404, 'not_found', 'There is no such file.')
  const hashed = name.startsWith('/assets/')
  return reply
    .code(200)
    .sendFile(name, root, hashed ? {} : { maxAge: 0, immutable: false, cacheControl: true })
}

async function sendPage(reply: FastifyReply, root: string): Promise<FastifyReply> {
  reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8')
  const page = await readFile(join(root, 'index.html'), 'utf8').catch(() => null)
  // 503: a monitor must not take "being built" for the dashboard.
  return page === null
    ? reply.code(503).header('retry-after', '2').send(BUILDING)
    : reply.code(200).send(page)
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
