import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBroker } from '../../appliance/agent/link/start-test-broker.ts'
import { databaseCommand, initialiseDatabase } from '../../provisioning/database/private-database.ts'
import { eventually, expectStatus } from './eventually.ts'
import { type Fleet, startFleet } from './start-test-fleet.ts'

let fleet: Fleet
let database: ChildProcess
let broker: Awaited<ReturnType<typeof startBroker>>

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'own-'))
  const socket = join(folder, 'own.sock')
  await initialiseDatabase({ dataFolder: join(folder, 'data') })
  const [program = '', ...options] = databaseCommand({ dataFolder: join(folder, 'data'), socket })
  database = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...options], { stdio: 'ignore' })
  broker = await startBroker()
  fleet = await startFleet(['--no-demo'], {
    env: {
      DATABASE_URL: `mysql://root@localhost/company?socketPath=${encodeURIComponent(socket)}`,
      MQTT_URL: `mqtt://127.0.0.1:${broker.port}`,
    },
  })
})
afterAll(async () => {
  await fleet?.remove()
  broker?.kill()
  database?.kill()
  if (database?.exitCode === null) await once(database, 'exit')
})

test('a fleet lives on a database and a broker that somebody else runs', async () => {
  expect(fleet.units()).not.toContain('database')
  await expectStatus('http://127.0.0.1:9090/health', 200)
  await expect(fetch('http://127.0.0.1:1883')).rejects.toThrow() // no broker of ours
  const heard = await broker.hear('fleet/+/metrics')
  await eventually(async () => expect(heard.length).toBeGreaterThan(0))
  await eventually(async () => {
    const [node] = (await fleet.operate('node', 'list')).nodes
    expect(node).toMatchObject({ alive: { is: true }, metrics: { cpu: { percent: expect.any(Number) } } })
  })
})
