import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import { Agent, request } from 'undici'
import { NODE_COMPILE_CACHE } from '../../tests/setup/compile-cache.ts'
import { type FakeControlPlane, startFakeControlPlane } from './fake-control-plane.ts'

const open: (() => Promise<unknown> | unknown)[] = []

/** For `afterEach`: ends what a test started, the newest first. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).toReversed()) await close()
}

export async function controlPlane(at: { host?: string } = {}): Promise<FakeControlPlane> {
  const cloud = await startFakeControlPlane(at)
  open.push(() => cloud.close())
  return cloud
}

export type Box = ReturnType<typeof newBox>

/** The disk of a node, which outlives the agent's processes. */
export function newBox(claim?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sixcast-agent-'))
  const box = { state: join(folder, 'state'), run: join(folder, 'run') }
  const claimPath = join(folder, 'claim')
  const read = (file: string) =>
    existsSync(join(box.state, file)) ? readFileSync(join(box.state, file), 'utf8') : undefined
  open.push(() => rmSync(folder, { recursive: true }))
  if (claim) writeFileSync(claimPath, claim)
  mkdirSync(box.state)
  return {
    ...box,
    claimPath,
    putClaim: (text: string) => writeFileSync(claimPath, `${text}\n`),
    hasClaim: () => existsSync(claimPath),
    read,
    modes: (...files: string[]) => files.map((file) => statSync(join(box.state, file)).mode & 0o777),
  }
}

/** The real process, with its socket. */
export function startAgent(
  { state, run, claimPath }: Box,
  { in1970 = false, chooses = false, env = {} } = {},
) {
  const main = join(import.meta.dirname, 'main.ts')
  const child = spawn(process.execPath, [...(in1970 ? bornIn1970() : []), main], {
    env: {
      NODE_COMPILE_CACHE,
      STATE_DIRECTORY: state,
      RUNTIME_DIRECTORY: run,
      ...(!chooses && { CLAIMED_ADDRESS: '127.0.0.9' }),
      CLAIM_FILE: claimPath,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const written = new EventEmitter()
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    written.emit('line')
  })
  async function says(text: string) {
    const signal = AbortSignal.timeout(15_000)
    while (!lines.join('\n').includes(text))
      await once(written, 'line', { signal }).catch((cause) => {
        throw new Error(`The agent did not say «${text}» but:\n${lines.join('\n')}`, { cause })
      })
  }
  const socket = new Agent({ connect: { socketPath: join(run, 'agent.sock') } })
  const ended = once(child, 'close').then(([code]) => code)
  async function end(signal: 'SIGTERM' | 'SIGKILL') {
    child.kill(signal)
    await ended
  }
  open.push(async () => {
    await end('SIGKILL')
    await socket.destroy()
  })
  const ask = async (path: string, method: 'GET' | 'PUT' | 'POST', body?: unknown) => {
    const reply = await request(`http://agent${path}`, {
      method,
      dispatcher: socket,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
    const text = await reply.body.text()
    return [reply.statusCode, text && JSON.parse(text)]
  }
  return {
    ended,
    lines: () => lines,
    says,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    get: async (path: string) => (await ask(path, 'GET'))[1],
    post: (path: string, body: unknown) => ask(path, 'POST', body),
    put: (streams: StreamReport[], more: object = {}) => ask('/streams', 'PUT', { streams, ...more }),
  }
}

/** In the fleet, with its first heartbeat accepted. */
export async function beating(box: Box) {
  const agent = startAgent(box)
  await agent.says('the control plane accepts the heartbeat')
  return agent
}

export function stream({
  name = 'golive',
  state = 'live',
  session = 'saaaaaaaaaaaa',
}: {
  name?: string
  state?: StreamReport['state']
  session?: string
} = {}): StreamReport {
  const at = '2026-01-01T00:00:00.000Z'
  return {
    name,
    state,
    manifest: 'index.m3u8',
    renditions: [{ id: 'v360', codecs: 'avc1.4d401e', bandwidth: 800_000, averageBandwidth: 700_000 }],
    record: {
      session,
      startedAt: at,
      run: 1,
      origin: at,
      phase: 0,
      segmentSeconds: 2,
      firstNumber: 0,
      discontinuitySequence: 0,
      ladder: ['v360'],
    },
  }
}

/** A machine without a battery, switched on far from any time server. */
function bornIn1970(): string[] {
  const patch = `const born = Date.now(), Real = Date
    globalThis.Date = class extends Real {
      constructor(...given) { given.length ? super(...given) : super(Real.now() - born) }
      static now() { return Real.now() - born }
    }`
  return ['--import', `data:text/javascript,${encodeURIComponent(patch)}`]
}
