import { readFile } from 'node:fs/promises'
import { loadavg, uptime } from 'node:os'
import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { cpuTemperature, currentLoad, fsSize, mem } from 'systeminformation'
import { byteRates, parseNetDev } from './byte-rates.ts'
import { cardFacts } from './card-facts.ts'
import { ownProcesses } from './own-processes.ts'
import { readPower } from './power-state.ts'

/** Disks fill slowly, and each look starts a `df`; the same for the heat, which a box keeps for minutes. */
const SLOW_EVERY_MS = 30_000

export type MeasureMetrics = ReturnType<typeof measureMetrics>

/** What media tells of its work. */
type Serving = () => Pick<NodeMetrics, 'streams' | 'viewers'>

/** Measures this machine. Each call measures what passed since the one before. */
export function measureMetrics(runtimeDirectory: string, serving: Serving = () => ({})) {
  const processes = ownProcesses(runtimeDirectory)
  const rates = byteRates()
  const slow = atMostEvery(SLOW_EVERY_MS, slowReadings())

  return async function measure(): Promise<NodeMetrics> {
    const [load, memory, network, slowly, power] = await Promise.all([
      currentLoad(),
      mem(),
      readFile('/proc/net/dev', 'utf8'), // `systeminformation` starts a shell for each interface
      slow(),
      readPower(),
    ])
    return {
      measuredAt: new Date().toISOString(),
      uptimeSeconds: Math.round(uptime()),
      cpu: { percent: percent(load.currentLoad), cores: load.cpus.length || 1, load1: loadavg()[0] ?? 0 },
      memory: { totalBytes: memory.total, usedBytes: memory.total - memory.available },
      network: rates(parseNetDev(network), performance.now()).slice(0, 50),
      processes: processes(),
      ...slowly,
      ...(power && { power }),
      ...serving(),
    }
  }
}

function slowReadings() {
  const factsOf = cardFacts()
  return async (): Promise<Pick<NodeMetrics, 'storage' | 'temperatureCelsius'>> => {
    const [disks, heat] = await Promise.all([fsSize(), cpuTemperature()])
    const shown = disks.slice(0, 50)
    const facts = await factsOf(shown.map(({ mount }) => mount))
    return {
      storage: shown.map(({ mount, size, used }) => ({
        ...{ mount, totalBytes: size, usedBytes: used },
        ...facts.get(mount),
      })),
      ...(typeof heat.main === 'number' && heat.main > 0 && { temperatureCelsius: heat.main }),
    }
  }
}

const percent = (value: number) => Math.min(100, Math.max(0, Math.round(value * 10) / 10))

/** The last result, measured anew when it is older than `ms`. */
function atMostEvery<Result>(ms: number, measure: () => Promise<Result>) {
  let last: { result: Result; at: number } | undefined
  return async () => {
    if (!last || performance.now() - last.at >= ms) last = { result: await measure(), at: performance.now() }
    return last.result
  }
}
