import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { deliver, type Delivery } from './raw-client.ts'

const LIMIT_MS = 300
const delivery: Delivery = {
  pieces: [Buffer.from('GET / HT'), Buffer.from('TP/1.1\r\n\r\n')],
  manner: 'listen',
  silenceMs: 20,
}
const endings: (() => void)[] = []

afterEach(() => {
  for (const end of endings.splice(0)) end()
})

/** The port of a server that does with connections what `act` says. */
async function serverThat(act: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)))
    act(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  endings.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('deliver', () => {
  test('finds out a server that neither answers nor ends', async () => {
    const port = await serverThat((socket) => void socket.resume())
    expect(await deliver(port, delivery, LIMIT_MS)).toEqual({ statuses: [], ended: false })
    expect(await deliver(port, { ...delivery, manner: 'hold' }, LIMIT_MS)).toEqual({
      statuses: [],
      ended: false,
    })
  })

  test('tells the status of every answer', async () => {
    const port = await serverThat((socket) => {
      socket.resume().write('HTTP/1.1 401 Unauthorized\r\n\r\nHTTP/1.1 200 OK\r\n\r\n')
    })
    expect(await deliver(port, delivery, LIMIT_MS)).toEqual({ statuses: [401, 200], ended: true })
  })

  test('takes an end for one, and a reset', async () => {
    const ended = await serverThat((socket) => void socket.resume().on('end', () => socket.end()))
    expect(await deliver(ended, delivery, LIMIT_MS)).toEqual({ statuses: [], ended: true })
    const reset = await serverThat((socket) => void socket.resetAndDestroy())
    expect(await deliver(reset, { ...delivery, manner: 'hold' }, LIMIT_MS)).toEqual({
      statuses: [],
      ended: true,
    })
  })

  test('rejects when nobody is there', async () => {
    const port = await serverThat(() => undefined)
    for (const end of endings.splice(0)) end()
    await expect(deliver(port, delivery, LIMIT_MS)).rejects.toThrow('ECONNREFUSED')
  })
})
