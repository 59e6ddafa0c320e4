import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { Hono } from 'hono'

type Where = { port: number; bind: string[]; log: Log }

/** One server per address. An address this machine does not have (no IPv6) is left out, as long as one remains. */
export async function listen(app: Hono, { port, bind, log }: Where): Promise<Server[]> {
  const servers: Server[] = []
  for (const host of bind) {
    try {
      servers.push(await listenOn(app, port, host))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRNOTAVAIL')) throw error
      log.warn('this machine has no such address', { address: host })
    }
  }
  if (servers.length === 0) throw new Error(`None of the addresses ${bind.join(', ')} is on this machine.`)
  return servers
}

async function listenOn(app: Hono, port: number, host: string): Promise<Server> {
  const server = createServer(getRequestListener(app.fetch))
  server.on('clientError', answerUnreadable)
  server.listen({ port, host, ipv6Only: true })
  await once(server, 'listening')
  return server
}

/** What is no HTTP, or has more header than Node reads, never comes as far as the app. It is told a code all the same. */
function answerUnreadable(error: Error, socket: Duplex) {
  if (!socket.writable) return socket.destroy()
  const overflow = 'code' in error && error.code === 'HPE_HEADER_OVERFLOW'
  const problem = new Problem(overflow ? 'too-large' : 'bad-request')
  const body = JSON.stringify(problem.body())
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.code}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
