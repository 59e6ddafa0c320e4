import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openDatabase } from '../control-plane/database/database.ts'
import { databaseCommand, initialiseDatabase } from '../provisioning/database/private-database.ts'
import { createLog } from '../shared/runtime/log.ts'
import { eventually, expectStatus } from '../tests/system/eventually.ts'
import { run } from '../tests/system/start-test-fleet.ts'
import type { Bench } from './bench-options.ts'
import { markdownTable, showPercent } from './markdown-table.ts'
import { coreShare, useOfGroup } from './process-use.ts'
import { NODES, STREAMS, streamName, writeFleet } from './steered-fleet.ts'
import { stopsInTurn } from './stops-in-turn.ts'
import { requestsOf } from './wrk-output.ts'

const CLOUD = 'http://127.0.0.1:9090'
const CONNECTIONS = 32
const SECONDS = 20

/** How many viewers one control plane on one core can send on their way. */
export async function measureSteering({ seconds = SECONDS, say }: Bench): Promise<void> {
  const cleanUp = stopsInTurn()
  try {
    const folder = mkdtempSync('/dev/shm/sixcast-bench-')
    cleanUp.add(async () => rmSync(folder, { recursive: true, force: true }))
    const databaseUrl = await startDatabase(folder, cleanUp.add)
    const pid = await startControlPlane(databaseUrl, cleanUp.add)
    const rows = []
    for (const [name, path] of Object.entries(PATHS))
      rows.push(await measure({ folder, name, path, seconds, pid }))
    const head = [`${STREAMS} streams on ${NODES} nodes`, 'requests per second', 'p99', 'of one core', 'goal']
    for (const line of markdownTable(head, rows)) say(line)
    say('')
    say(
      `${seconds} s each; ${CONNECTIONS} connections by wrk on the other core, each request for another stream.`,
    )
  } finally {
    await cleanUp.run()
  }
}

/** As wrk's script writes them: `stream` is another one each time. */
const PATHS = {
  '/steer': `"/steer/" .. stream .. "?viewer=abcdefgh&has=relay&_HLS_pathway=relay&_HLS_throughput=5000000"`,
  '/play': `"/play/" .. stream`,
}

type Measurement = { folder: string; name: string; path: string; seconds: number; pid: number }

async function measure({ folder, name, path, seconds, pid }: Measurement): Promise<string[]> {
  const script = join(folder, 'requests.lua')
  writeFileSync(
    script,
    `request = function()
  local stream = "${streamName(0).replace(/0$/, '')}" .. math.random(0, ${STREAMS - 1})
  return wrk.format("GET", ${path})
end
`,
  )
  const load = [
    '-c',
    '1',
    'wrk',
    '-t1',
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    '--latency',
    '-s',
    script,
    CLOUD,
  ]
  const [{ code, text }, core] = await Promise.all([
    run('taskset', load),
    coreShare(() => useOfGroup(pid), seconds),
  ])
  const found = requestsOf(text)
  if (code !== 0 || !found) throw new Error(`${name} could not be loaded: ${text}`)
  const p99 = `${found.p99Ms.toFixed(1)} ms`
  return [name, found.perSecond.toFixed(0), p99, showPercent(100 * core), '≥ 2000 per second']
}

type Add = ReturnType<typeof stopsInTurn>['add']

async function startDatabase(folder: string, add: Add): Promise<string> {
  const [dataFolder, socket] = [join(folder, 'data'), join(folder, 'database.sock')]
  mkdirSync(folder, { recursive: true })
  await initialiseDatabase({ dataFolder })
  start(['taskset', '-c', '1', ...databaseCommand({ dataFolder, socket })], {}, add)
  const url = `mysql://root@localhost/bench?socketPath=${encodeURIComponent(socket)}`
  const db = await openDatabase(
    url,
    createLog('bench', () => {}),
  )
  await writeFleet(db)
  await db.destroy()
  return url
}

async function startControlPlane(databaseUrl: string, add: Add): Promise<number> {
  const main = join(import.meta.dirname, '../control-plane/main.ts')
  const env = { DATABASE_URL: databaseUrl, BIND: '127.0.0.1', RELAY_URL: await startRelay(add) }
  const pid = start(['taskset', '-c', '0', process.execPath, main], env, add)
  await eventually(() => expectStatus(`${CLOUD}/play/${streamName(0)}`, 200))
  return pid
}

/** Content with whatever it is asked for: the control plane makes the relay look up every stream that is live. */
async function startRelay(add: Add): Promise<string> {
  const server = createServer((_, out) => out.end('#EXTM3U\nv.m3u8\n'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  add(async () => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The leader of a group of its own. */
function start([program = '', ...options]: string[], env: Record<string, string>, add: Add): number {
  const child = spawn(program, options, { env: { ...process.env, ...env }, stdio: 'ignore', detached: true })
  const closed = once(child, 'close')
  add(async () => {
    child.kill()
    await closed
  })
  return child.pid ?? 0
}
