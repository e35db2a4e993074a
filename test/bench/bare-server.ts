/** The least an HTTP server can do with a webhook: read it to the end and answer 200. */
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  request.on('data', () => undefined)
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    response.end('{"status":"ok"}')
  })
})
server.listen(Number(process.env['PORT']), '127.0.0.1')
process.on('disconnect', () => process.exit(0))
