import { workerData } from 'node:worker_threads'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { openDatabase } from './database/database.ts'
import { reportRound } from './database/report-round.ts'
import { loadFleetKey } from './enrolment/fleet-key-repository.ts'
import { askControls, type Control } from './reachability/ask-controls.ts'
import { incidentRepository } from './reachability/incident-repository.ts'
import { lineRepository } from './reachability/line-repository.ts'
import type { ProbeRules } from './reachability/probe-target.ts'
import { startProber } from './reachability/prober.ts'
import { reachabilityRepository } from './reachability/reachability-repository.ts'
import { segmentRepository } from './reachability/segment-repository.ts'
import { standingRepository } from './reachability/standing-repository.ts'
import { serveMain } from './threads/in-thread.ts'
import { takeTurns } from './turns/take-turns.ts'
import { turnRepository } from './turns/turn-repository.ts'

export type ProberSettings = { databaseUrl: string; rules: ProbeRules; controls: Control[] }

// The prober and what it needs.
const { databaseUrl, rules, controls }: ProberSettings = workerData
const log = createLog('control-plane')
const report = reportRound(log)

const db = await openDatabase(databaseUrl, log)
const turn = takeTurns({ turns: turnRepository(db), name: 'prober', log, report })
const prober = startProber({
  reachability: reachabilityRepository(db),
  standings: standingRepository(db),
  segments: segmentRepository(db),
  lines: lineRepository(db),
  incidents: incidentRepository(db),
  fleetKey: await loadFleetKey(db),
  ...{ rules, isOurTurn: turn.isOurs, seesOut: askControls(controls), log, report },
})

serveMain({
  probeNow: (nodeId) => prober.probeNow(nodeId).catch(report),
  watchClosely: (nodeId) => prober.watchClosely(nodeId).catch(report),
  async stop() {
    await prober.stop()
    await turn.stop()
    await db.destroy()
  },
})
