import { workerData } from 'node:worker_threads'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { openDatabase } from './database/database.ts'
import { loadFleetKey } from './enrolment/fleet-key-repository.ts'
import { type BrokerSettings, joinBroker } from './link/join-broker.ts'
import { metricsRepository } from './link/metrics-repository.ts'
import { nodeRepository } from './nodes/node-repository.ts'
import { serveMain, tellMain } from './threads/in-thread.ts'

export type LinkSettings = { databaseUrl: string; mqtt: BrokerSettings }

// The broker and what it needs: ten thousand links are most of a control plane's memory, and what they say half of its work.
const { databaseUrl, mqtt }: LinkSettings = workerData
const log = createLog('control-plane')

const db = await openDatabase(databaseUrl, log)
const broker = await joinBroker({
  nodes: nodeRepository(db),
  metrics: metricsRepository(db),
  fleetKey: await loadFleetKey(db),
  seemsGone: (nodeId) => tellMain({ newsOf: nodeId }),
  ...{ mqtt, log },
})

serveMain({
  wake: broker.wake,
  async stop() {
    await broker.stop()
    await db.destroy()
  },
})
