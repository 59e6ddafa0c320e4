import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openDatabase } from '../control-plane/database/database.ts'
import { createLog } from '../shared/runtime/log.ts'
import { eventually, expectStatus } from '../tests/system/eventually.ts'
import { run } from '../tests/system/start-test-fleet.ts'
import type { Bench } from './bench-options.ts'
import { markdownTable, showPercent } from './markdown-table.ts'
import { coreShare, useOfGroup } from './process-use.ts'
import { type Add, startPrivateDatabase, startProcess } from './start-process.ts'
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
    const play = Array.from({ length: STREAMS }, (_, at) => `/play/${streamName(at)}`)
    const steer = await Promise.all(play.map(askedByPlayer))
    const rows = [
      await measure({ folder, name: '/steer', paths: steer, seconds, pid }),
      await measure({ folder, name: '/play', paths: play, seconds, pid }),
    ]
    const columns = [
      'requests per second',
      'goal',
      'p99',
      'of one core',
      'requests per second of processor time',
    ]
    const head = [`${STREAMS} streams on ${NODES} nodes`, ...columns]
    for (const line of markdownTable(head, rows)) say(line)
    say('')
    say(
      `${seconds} s each; ${CONNECTIONS} connections by wrk on the other core, each request for another stream.`,
    )
  } finally {
    await cleanUp.run()
  }
}

/** What a player of that playlist asks every ten seconds. */
async function askedByPlayer(play: string): Promise<string> {
  const text = await (await expectStatus(CLOUD + play, 200)).text()
  const [, uri, pathway] = text.match(/SERVER-URI="([^"]+)",PATHWAY-ID="([^"]+)"/) ?? []
  return `${uri}&_HLS_pathway=${pathway}&_HLS_throughput=5000000`
}

type Measurement = { folder: string; name: string; paths: string[]; seconds: number; pid: number }

async function measure({ folder, name, paths, seconds, pid }: Measurement): Promise<string[]> {
  const script = join(folder, 'requests.lua')
  const list = paths.map((path) => `"${path}"`).join(',\n')
  writeFileSync(
    script,
    `paths = {${list}}\nrequest = function() return wrk.format("GET", paths[math.random(#paths)]) end\n`,
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
  const perCoreSecond = (found.perSecond / core).toFixed(0)
  const p99 = `${found.p99Ms.toFixed(1)} ms`
  return [name, found.perSecond.toFixed(0), '≥ 2000', p99, showPercent(100 * core), perCoreSecond]
}

async function startDatabase(folder: string, add: Add): Promise<string> {
  const { url } = await startPrivateDatabase(folder, add, ['taskset', '-c', '1'])
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
  const relay = await startRelay(add)
  const env = { DATABASE_URL: databaseUrl, BIND: '127.0.0.1', RELAY_URL: relay.url }
  const pid = startProcess(['taskset', '-c', '0', process.execPath, main], env, add)
  await eventually(async () => {
    if (relay.asked() < 2 * STREAMS) throw new Error('it is still busy with beginning')
  })
  return pid
}

/** Content with whatever it is asked for: the control plane makes the relay look up every stream that is live. */
async function startRelay(add: Add) {
  let asked = 0
  const server = createServer((_, out) => {
    asked += 1
    out.end('#EXTM3U\nv.m3u8\n')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  add(async () => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked: () => asked }
}
