import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { HeartbeatReply } from '../shared/contract/heartbeat.ts'
import { ProbeQuery } from '../shared/contract/probe.ts'
import { sleep } from '../shared/runtime/repeat.ts'
import { firstBeatAfterMs, nextBeatDueAt } from './beat-schedule.ts'
import type { Truth } from './fleet-judgement.ts'
import { latencyHistogram } from './latency-histogram.ts'
import { postFrom } from './post-from.ts'
import { type LinkTally, openLink } from './simulated-link.ts'
import { CDN_PORT, type SimulatedNode, simulatedNode } from './simulated-node.ts'

// A fleet in a process of its own: node bench/simulate-fleet.ts, ordered about over its IPC channel by measure-fleet-load.ts.
export type FleetOrder =
  /** Makes nodes that are still to be enrolled. */
  | { do: 'make'; nodes: number }
  /** They begin to beat, the first time within `withinMs`; those without `claims` are not probed and have no link. */
  | { do: 'join'; from: number; to: number; withinMs: number; claims: boolean }
  | { do: 'tally'; seconds: number }
  /** What becomes of nodes, by their place. */
  | { do: 'befall'; nodes: number[]; is: Truth }

export type MadeNodes = { id: string; publicKey: string; address: string }[]

export type FleetTally = {
  beats: number
  failed: Record<string, number>
  beatMs: { p50: number; p95: number; p99: number; longest: number }
  probes: number
  links: LinkTally
  /** How late this process itself was at times. */
  ownDelayMs: number
  cpuSeconds: number
}

const CLOUD = { hostname: '127.0.0.1', port: 9090 }
const HOST = `${CLOUD.hostname}:${CLOUD.port}`
const BEAT_MS = 30_000
const METRICS_MS = 10_000
/** An agent gives up then. */
const PATIENCE_MS = 10_000

const nodes: SimulatedNode[] = []
const byAddress = new Map<string, SimulatedNode>()
const links = new Map<SimulatedNode, ReturnType<typeof openLink>>()
const linkTally: LinkTally = { open: 0, refused: 0, lost: 0, published: 0 }
const ownDelay = monitorEventLoopDelay({ resolution: 5 })
let latencies = latencyHistogram()
let failed: Record<string, number> = {}
let probes = 0

const orders = {
  make({ nodes: count }: { nodes: number }): MadeNodes {
    const made = Array.from({ length: count }, (_, at) => simulatedNode(nodes.length + at))
    for (const node of made) byAddress.set(node.address, node)
    nodes.push(...made)
    return made.map(({ id, publicKey, address }) => ({ id, publicKey, address }))
  },
  join({ from, to, withinMs, claims }: Extract<FleetOrder, { do: 'join' }>) {
    for (const [at, node] of nodes.slice(from, to).entries())
      void live(node, performance.now() + firstBeatAfterMs(at, to - from, withinMs), claims)
  },
  async tally({ seconds }: { seconds: number }): Promise<FleetTally> {
    latencies = latencyHistogram()
    failed = {}
    probes = 0
    const published = linkTally.published
    ownDelay.reset()
    ownDelay.enable()
    const before = process.cpuUsage()
    await sleep(seconds * 1000)
    const { user, system } = process.cpuUsage(before)
    const [p50, p95, p99, longest] = [0.5, 0.95, 0.99, 1].map(latencies.percentile)
    return {
      beats: latencies.count(),
      failed,
      beatMs: { p50, p95, p99, longest } as FleetTally['beatMs'],
      probes,
      links: { ...linkTally, published: linkTally.published - published },
      ownDelayMs: ownDelay.percentile(99) / 1e6,
      cpuSeconds: (user + system) / 1e6,
    }
  },
  befall({ nodes: places, is }: Extract<FleetOrder, { do: 'befall' }>) {
    for (const place of places) {
      const node = nodes[place]
      if (!node) continue
      const revived = node.is === 'dead' && is === 'well'
      node.is = is
      if (!revived) continue
      node.restart()
      links.get(node)?.close()
      links.delete(node)
    }
  },
}

process.on('message', async (order: FleetOrder) => {
  process.send?.((await orders[order.do](order as never)) ?? 'done')
})
process.on('disconnect', () => process.exit())

createServer((asked, out) => {
  const node = byAddress.get(asked.socket.localAddress ?? '')
  if (node?.is !== 'well') return // it hangs until whoever asks gives up
  const query = ProbeQuery.safeParse(Object.fromEntries(new URL(asked.url ?? '', 'http://node').searchParams))
  if (!query.success || query.data.address !== node.address) return void out.writeHead(404).end()
  probes += 1
  out.setHeader('content-type', 'application/json')
  out.end(JSON.stringify(node.answerProbe(query.data)))
}).listen(CDN_PORT, '0.0.0.0', 4096)

async function live(node: SimulatedNode, firstDueAt: number, claims: boolean) {
  for (let dueAt = firstDueAt; ; dueAt = nextBeatDueAt(dueAt, BEAT_MS)) {
    await sleep(Math.max(0, dueAt - performance.now()))
    if (node.is !== 'dead') void beat(node, dueAt, claims)
    if (!claims) return
  }
}

/** Measured from when it was due, so that a server that is too slow, and a simulator that is, shows. */
async function beat(node: SimulatedNode, dueAt: number, claims: boolean) {
  try {
    const signed = node.beat(HOST, { claims })
    const request = { from: node.address, to: CLOUD, path: '/v1/heartbeat', timeoutMs: PATIENCE_MS }
    const { status, body } = await postFrom({ ...request, ...signed })
    latencies.record(performance.now() - dueAt)
    if (status !== 200) return count(`${status} ${body.slice(0, 100)}`)
    const { mqtt } = HeartbeatReply.parse(JSON.parse(body))
    if (mqtt && claims && !links.has(node)) links.set(node, openLink(node, mqtt, METRICS_MS, linkTally))
  } catch (error) {
    latencies.record(performance.now() - dueAt)
    count(error instanceof Error ? error.message : String(error))
  }
}

function count(error: string) {
  failed[error] = (failed[error] ?? 0) + 1
}
