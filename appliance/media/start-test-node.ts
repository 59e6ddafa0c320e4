import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalStreams, type LocalStreamsReply } from '@sixcast/shared/contract/agent-socket.ts'
import { AuthorizeRequest } from '@sixcast/shared/contract/authorize.ts'
import type { MirrorOrder } from '@sixcast/shared/contract/mirror-order.ts'
import { request, Agent as UnixAgent } from 'undici'
import { startNginx, user } from '../../nginx/start-test-nginx.ts'
import { freePort } from '../../tests/setup/free-port.ts'
import { ownMounts } from '../../tests/setup/own-mounts.ts'
import { StreamView } from './streams/stream-view.ts'

/**
 * For tests: media as its own process between nginx-rtmp as it ships and an agent that knows the one key `secret`. With
 * `liveBytes` live media has a memory disk of that size, which only media itself sees.
 */
export async function startTestNode(settings: Record<string, string> = {}, liveBytes?: number) {
  const folder = mkdtempSync(join(tmpdir(), 'media-'))
  const run = join(folder, 'run')
  mkdirSync(run)
  const port = await freePort()
  const agent = await startAgent(join(run, 'agent.sock'))
  const children = new Set<ChildProcess>()
  const log: string[] = []
  const places = { rtmp_port: port, runtime_directory: run, rtmp_socket: join(run, 'rtmp.sock') }
  const nginx = await startNginx('node-rtmp.conf', { user, listen: ['127.0.0.1'], ...places }, port)
  const live = (...path: string[]) => join(run, 'live', ...path)
  let media = startMedia(60)

  function start(command: string, args: string[]) {
    // Whatever kills the test takes its processes along.
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.add(child)
    child.once('close', () => children.delete(child))
    return child
  }

  function startMedia(staleSeconds: number) {
    const environment = {
      STATE_DIRECTORY: join(folder, 'state'),
      RUNTIME_DIRECTORY: run,
      LIVE_DIRECTORY: live(),
      RTMP_URL: `rtmp://127.0.0.1:${port}/stream`,
      STALE_THRESHOLD: String(staleSeconds),
      ...settings,
    }
    const [command = '', ...args] = mediaCommand(environment, liveBytes)
    const child = start(command, args)
    child.stdout?.on('data', (chunk: Buffer) => log.push(...chunk.toString().trim().split('\n')))
    child.stderr?.on('data', (chunk: Buffer) => log.push(...chunk.toString().trim().split('\n')))
    return child
  }

  const ask = askSocket(join(run, 'media.sock'))

  return {
    log,
    agent,
    live,
    /** The same, as media itself sees it. */
    ownLive: (...path: string[]) => `/proc/${media.pid}/root${live(...path)}`,
    /** With its sockets and its live media: what a node's nginx serves from. */
    runtimeDirectory: run,
    mediaPid: () => media.pid ?? 0,
    publish: (key: string, command = publisher) =>
      start('ffmpeg', command(`rtmp://127.0.0.1:${port}/stream/${key}`)),
    rtmpPort: port,
    /** Where the state of media stands on the disk. */
    state: (...path: string[]) => join(folder, 'state', ...path),
    ask,

    async stream(name: string): Promise<StreamView> {
      const { status, body } = await ask('GET', `/streams/${name}`)
      if (status !== 200) throw new Error(`media answered ${status}: ${body}`)
      return StreamView.parse(JSON.parse(body))
    },

    /** Ends media the hard way and starts it again, as whoever supervises it does. */
    async crashMedia() {
      media.kill('SIGKILL')
      await once(media, 'close')
      return (staleSeconds = 60) => {
        media = startMedia(staleSeconds)
      }
    },

    async stop() {
      const ends = [...children].map((child) => once(child, 'close'))
      for (const child of children) child.kill('SIGTERM')
      await Promise.all(ends)
      await nginx.stop()
      agent.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** A setting: to media the outer addresses of this machine are those of neighbours, so that tests can be these. */
export const besideNeighbours = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`
    import os from 'node:os'
    import { syncBuiltinESMExports } from 'node:module'
    os.networkInterfaces = () => ({})
    syncBuiltinESMExports()`)}`,
}

function mediaCommand(environment: { LIVE_DIRECTORY: string }, liveBytes?: number): string[] {
  const settings = { SEGMENT_DURATION: '1', MEASURE_ENCODERS: 'false', ...environment }
  const assignments = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  const command = ['env', ...assignments, process.execPath, join(import.meta.dirname, 'main.ts')]
  if (!liveBytes) return command
  const mount = `mkdir -p "$0" && mount -t tmpfs -o size=${liveBytes} live "$0" && exec "$@"`
  return [...(ownMounts ?? []), 'sh', '-c', mount, environment.LIVE_DIRECTORY, ...command]
}

function askSocket(socketPath: string) {
  return async (method: 'GET' | 'POST' | 'DELETE', path: string, json?: unknown) => {
    const dispatcher = new UnixAgent({ connect: { socketPath } })
    const headers = json === undefined ? {} : { 'content-type': 'application/json' }
    const content = json === undefined ? null : JSON.stringify(json)
    const { statusCode, body } = await request(`http://media${path}`, {
      dispatcher,
      method,
      headers,
      body: content,
    })
    const answer = await body.text()
    await dispatcher.close()
    return { status: statusCode, body: answer }
  }
}

async function startAgent(socket: string) {
  let said: LocalStreams = { streams: [] }
  let mirrors: MirrorOrder[] | undefined
  let unknown: string[] = []
  const server = createServer(async (incoming, outgoing) => {
    let text = ''
    for await (const chunk of incoming) text += chunk
    if (incoming.url === '/streams') {
      said = LocalStreams.parse(JSON.parse(text))
      return outgoing.end(
        JSON.stringify({ unknown, ...(mirrors && { mirrors }) } satisfies LocalStreamsReply),
      )
    }
    const { name, key } = AuthorizeRequest.parse(JSON.parse(text))
    if (key !== 'secret') return outgoing.writeHead(403).end(JSON.stringify({ code: 'key-refused' }))
    return outgoing.end(JSON.stringify({ allowed: true, name, open: false }))
  })
  server.listen(socket)
  await once(server, 'listening')
  return {
    /** These are streams of which the control plane knows nothing; all others it knows. */
    misses(...names: string[]) {
      unknown = names
    },
    /** All that this node is to copy. */
    orders(...orders: MirrorOrder[]) {
      mirrors = orders
    },
    reported: (name: string) => said.streams.find((stream) => stream.name === name),
    load: () => said.load,
    close: () => server.close().closeAllConnections(),
  }
}

function publisher(url: string): string[] {
  const source = 'testsrc2=size=320x180:rate=25[out0];sine=sample_rate=48000[out1]'
  return [
    ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', source],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '10', '-pix_fmt', 'yuv420p'],
    ...['-c:a', 'aac', '-f', 'flv', url],
  ]
}
