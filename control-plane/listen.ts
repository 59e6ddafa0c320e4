import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { CannotStart } from '@sixcast/shared/runtime/cannot-start.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { Hono } from 'hono'
import { cannotListen } from './cannot-listen.ts'

/** With those who never finish asking. An answer may take as long as it likes. */
const PATIENCE = { headersTimeout: 10_000, requestTimeout: 20_000, connectionsCheckingInterval: 5000 }

type Where = { port: number; bind: string[]; log: Log }

/** One server per address, as long as one of them is on this machine. */
export async function listen(app: Hono, where: Where): Promise<Server[]> {
  const servers = await listenWherePossible(app, where)
  if (servers.length > 0) return servers
  throw new CannotStart(
    `None of the addresses ${where.bind.join(', ')} is on this machine. Set BIND to one that is.`,
  )
}

/** An address this machine does not have (no IPv6, another network) is left out. */
export async function listenWherePossible(app: Hono, { port, bind, log }: Where): Promise<Server[]> {
  const servers: Server[] = []
  for (const host of bind) {
    try {
      servers.push(await listenOn(app, port, host))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRNOTAVAIL'))
        throw cannotListen(error, { host, port, setting: 'PORT' })
      log.warn('this machine has no such address', { address: host })
    }
  }
  return servers
}

/** Nobody comes in any more, and who is still there is let go: what they ask for is about to be closed. */
export async function closeServers(servers: Server[]): Promise<void> {
  await Promise.all(
    servers.map(async (server) => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    }),
  )
}

async function listenOn(app: Hono, port: number, host: string): Promise<Server> {
  const server = createServer(PATIENCE, getRequestListener(app.fetch))
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
