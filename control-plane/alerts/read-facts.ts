import type { NodeBrief } from '../nodes/node-brief.ts'
import type { Incident } from '../reachability/incident.ts'
import type { StreamView } from '../streams/stream-view.ts'
import type { EncoderSpeedRepository } from './encoder-speed-repository.ts'
import type { NodeHealth } from './node-health.ts'
import type { NodeHealthRepository } from './node-health-repository.ts'
import type { FleetFacts } from './observe-fleet.ts'
import { storageForecasts } from './storage-forecast.ts'

export type FactsDependencies = {
  nodeBriefs: { list: () => Promise<NodeBrief[]> }
  streamViews: { list: () => Promise<StreamView[]> }
  /** What keeps the prober from being believed. */
  incidents: { listOpen: () => Promise<Incident[]> }
  nodeHealth: NodeHealthRepository
  encoderSpeeds: EncoderSpeedRepository
}

/** Heat and disks change slowly, and what a large fleet tells of them is much to read. */
const HEALTH_EVERY_MS = 15_000
/** What is older says nothing of now. */
const HEALTH_KEPT_MS = 60_000

/** Everything that rules look at. */
export function factsReader({
  nodeBriefs,
  streamViews,
  incidents,
  nodeHealth,
  encoderSpeeds,
}: FactsDependencies) {
  const forecast = storageForecasts()
  let known: { at: number; health: FleetFacts['health'] } | undefined

  async function health(now: Date) {
    if (known && now.getTime() - known.at < HEALTH_EVERY_MS) return known.health
    const told = await nodeHealth.readSince(new Date(now.getTime() - HEALTH_KEPT_MS))
    known = {
      at: now.getTime(),
      health: new Map([...told].map(([id, each]) => [id, withForecast(id, each)])),
    }
    return known.health
  }

  /** Of its disks the one that is full first counts. */
  function withForecast(id: string, told: NodeHealth) {
    const days = told.disks.flatMap(
      ({ mount, usedBytes, totalBytes }) =>
        forecast(`${id} ${mount}`, { at: told.at.getTime(), usedBytes }, totalBytes) ?? [],
    )
    return days.length > 0 ? { ...told, daysUntilFull: Math.min(...days) } : told
  }

  return async (now: Date): Promise<FleetFacts> => {
    const [nodes, streams, speeds, doubts, ofNodes] = await Promise.all([
      nodeBriefs.list(),
      streamViews.list(),
      encoderSpeeds.read(now),
      incidents.listOpen(),
      health(now),
    ])
    return { nodes, streams, speeds, doubts, health: ofNodes, now }
  }
}
