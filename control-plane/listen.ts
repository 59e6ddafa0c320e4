import { once } from 'node:events'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
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
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.listen({ port, host, ipv6Only: true })
  await once(server, 'listening')
  return server
}
