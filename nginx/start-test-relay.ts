import { expect } from 'vitest'
import { freePort } from '../tests/setup/free-port.ts'
import { ask, lookup, problems, serve, startNginx, user } from './start-test-nginx.ts'

type Served = Awaited<ReturnType<typeof serve>>
export type TestRelay = Awaited<ReturnType<typeof startTestRelay>>

export const host = ({ port }: Served) => `127.0.0.1:${port}`
export const session = (letter: string) => `s${letter.repeat(12)}`

/** For tests: a relay before two nodes, and a control plane that says which of them has a stream. */
export async function startTestRelay() {
  const port = await freePort()
  const fetched: string[] = []
  const controlPlane = await startControlPlane()
  const [east, west] = [await startOrigin('east', fetched), await startOrigin('west', fetched)]
  const values = {
    user,
    workers: 1,
    listen: ['127.0.0.1'],
    relay_port: port,
    control_plane: `127.0.0.1:${controlPlane.port}`,
    lookup,
    problems,
  }
  const nginx = await startNginx('relay.conf', values, port)
  const askRelay = (path: string, options: Parameters<typeof ask>[2] = {}) => ask(port, path, options)

  return {
    east,
    west,
    controlPlane,
    origins: controlPlane.origins,
    /** Of the control plane, and of the nodes, since `forget`. */
    asked: controlPlane.asked,
    fetched,
    forget() {
      controlPlane.asked.length = 0
      fetched.length = 0
    },
    ask: askRelay,
    /** A test before this one may have taken the control plane away: then the relay leaves it alone for two seconds. */
    answered: (path: string) =>
      expect.poll(async () => (await askRelay(path)).status, { timeout: 5000 }).toBe(200),
    async stop() {
      for (const part of [nginx, east, west]) await part.stop()
      await controlPlane.leaves()
    },
  }
}

/** A node: names itself in what it serves. */
function startOrigin(name: string, fetched: string[]): Promise<Served> {
  return serve(0, (received, response) => {
    fetched.push(`${name} ${received.url}`)
    if (received.url?.includes('missing')) response.statusCode = 404
    const isMedia = received.url?.endsWith('.m4s')
    response.setHeader('cache-control', isMedia ? 'public, max-age=31536000, immutable' : 'max-age=1')
    response.setHeader('access-control-allow-origin', '*')
    response.end(`${name} ${received.url}`)
  })
}

async function startControlPlane() {
  const port = await freePort()
  /** What it answers, by path and query. */
  const origins = new Map<string, string>()
  const asked: string[] = []
  let served = await listen()

  function listen() {
    return serve(port, (received, response) => {
      asked.push(`${received.method} ${received.headers.host} ${received.url}`)
      if (controlPlane.hangs) return
      const found = origins.get(received.url ?? '')
      response.statusCode = found === 'broken' ? 500 : found ? 200 : 404
      if (found) response.setHeader('x-origin', found)
      response.setHeader('cache-control', 'no-store')
      response.end('{}')
    })
  }

  const controlPlane = {
    port,
    origins,
    asked,
    /** Whether it takes questions and answers none. */
    hangs: false,
    leaves: () => served.stop(),
    async returns() {
      served = await listen()
    },
  }
  return controlPlane
}
