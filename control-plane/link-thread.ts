import { workerData } from 'node:worker_threads'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { openDatabase } from './database/database.ts'
import { reportRound } from './database/report-round.ts'
import { loadFleetKey } from './enrolment/fleet-key-repository.ts'
import { gatherSamples } from './history/gather-samples.ts'
import { historyRepository } from './history/history-repository.ts'
import { keepHistory } from './history/keep-history.ts'
import { partitionRepository } from './history/partition-repository.ts'
import { type BrokerSettings, joinBroker } from './link/join-broker.ts'
import { metricsRepository } from './link/metrics-repository.ts'
import { nodeRepository } from './nodes/node-repository.ts'
import { pullMetrics } from './pulling/pull-metrics.ts'
import { pullRepository } from './pulling/pull-repository.ts'
import { serveMain, tellMain } from './threads/in-thread.ts'
import { takeTurns } from './turns/take-turns.ts'
import { turnRepository } from './turns/turn-repository.ts'

export type LinkSettings = { databaseUrl: string; mqtt: BrokerSettings }

// The broker, and what nodes have measured: ten thousand links are most of a control plane's memory, and what they say half of its work.
const { databaseUrl, mqtt }: LinkSettings = workerData
const log = createLog('control-plane')

const report = reportRound(log)

const db = await openDatabase(databaseUrl, log)
const history = historyRepository(db)
const turn = takeTurns({ turns: turnRepository(db), name: 'history', log, report })
const samples = gatherSamples({ history, log, report })
const keeping = await keepHistory({
  ...{ history, log, report },
  partitions: partitionRepository(db),
  isOurTurn: turn.isOurs,
})
const broker = await joinBroker({
  nodes: nodeRepository(db),
  metrics: metricsRepository(db),
  measured: samples.take,
  fleetKey: await loadFleetKey(db),
  seemsGone: (nodeId) => tellMain({ newsOf: nodeId }),
  ...{ mqtt, log },
})
const pulling = pullMetrics({
  pulls: pullRepository(db),
  measured: broker.take,
  isOurTurn: turn.isOurs,
  report,
})

serveMain({
  wake: broker.wake,
  async stop() {
    await pulling.stop()
    await broker.stop()
    await samples.stop()
    await keeping.stop()
    await turn.stop()
    await db.destroy()
  },
})
