import { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { describe } from '@sixcast/shared/runtime/log.ts'
import { printable } from '@sixcast/shared/runtime/printable.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { Agent, request } from 'undici'
import { urlHost } from '../addresses/addresses.ts'
import type { SeriesName } from '../history/series.ts'
import type { PullRepository } from './pull-repository.ts'
import { type Pulled, pullTarget } from './pull-rule.ts'

type Dependencies = {
  pulls: Pick<PullRepository, 'listPulled' | 'saveTrouble' | 'endTrouble' | 'troubles'>
  measured: (nodeId: string, metrics: NodeMetrics, wanted?: ReadonlySet<SeriesName>) => void
  /** Of several processes one does it. */
  isOurTurn: () => boolean
  report: (error: unknown) => void
  everyMs?: number
  /** Whom to ask is read so often. */
  readEveryMs?: number
  now?: () => number
}

const TIMEOUT_MS = 4000
const MOST_BYTES = 256 * 1024
/** Asked at once: each is a connection. */
const MOST_AT_ONCE = 64

/** Asks nodes for what they measure, each in its time: for nodes whose way to the broker is barred. */
export function pullMetrics({
  pulls,
  measured,
  isOurTurn,
  report,
  everyMs = 500,
  readEveryMs = 5000,
  now = () => performance.now(),
}: Dependencies) {
  const stopping = new AbortController()
  const connections = new Agent({ maxResponseSize: MOST_BYTES, connect: { timeout: TIMEOUT_MS } })
  /** With the rule that it was asked by: under another one it is asked at once. */
  const due = new Map<string, { at: number; rule: string }>()
  const asking = new Set<Promise<unknown>>()
  let pulled: Pulled[] = []
  let readAt = Number.NEGATIVE_INFINITY
  let troubled: Set<string> | undefined

  async function round() {
    if (!isOurTurn()) {
      troubled = undefined // another process goes on with them
      return
    }
    troubled ??= new Set((await pulls.troubles()).map(({ nodeId }) => nodeId))
    if (now() - readAt >= readEveryMs) await readAnew()
    for (const each of pulled) {
      if (asking.size >= MOST_AT_ONCE) return // the others come with the next round
      if (isDue(each)) begin(each)
    }
  }

  function isDue({ nodeId, rule }: Pulled) {
    const known = due.get(nodeId)
    return !known || known.at <= now() || known.rule !== JSON.stringify(rule)
  }

  const next = ({ rule }: Pulled, inMs: number) => ({ at: now() + inMs, rule: JSON.stringify(rule) })

  /** Nobody waits for another one's answer. */
  function begin(each: Pulled) {
    due.set(each.nodeId, next(each, each.rule.seconds * 1000))
    const asked: Promise<unknown> = pull(each)
      .catch(report)
      .finally(() => asking.delete(asked))
    asking.add(asked)
  }

  /** Whoever is new is asked somewhere within his first stretch, not all at once. */
  async function readAnew() {
    pulled = await pulls.listPulled()
    readAt = now()
    const known = new Set(pulled.map(({ nodeId }) => nodeId))
    for (const nodeId of due.keys()) if (!known.has(nodeId)) due.delete(nodeId)
    for (const nodeId of troubled ?? []) if (!known.has(nodeId)) await end(nodeId)
    if (pulled.length > MOST_AT_ONCE)
      for (const each of pulled)
        if (!due.has(each.nodeId)) due.set(each.nodeId, next(each, Math.random() * each.rule.seconds * 1000))
  }

  async function pull(each: Pulled) {
    const { nodeId, rule } = each
    const target = pullTarget(each)
    const answer = target
      ? await ask(connections, target)
      : 'No probe has found it yet, and no address is set for this.'
    if (stopping.signal.aborted) return // what we have broken off ourselves is no trouble of the node
    if (typeof answer === 'string') {
      troubled?.add(nodeId)
      return await pulls.saveTrouble(nodeId, answer, new Date())
    }
    measured(nodeId, answer, rule.series && new Set(rule.series))
    if (troubled?.has(nodeId)) await end(nodeId)
  }

  async function end(nodeId: string) {
    troubled?.delete(nodeId)
    await pulls.endTrouble(nodeId)
  }

  const ended = repeat(everyMs, round, stopping.signal, report)

  return {
    async stop() {
      stopping.abort()
      await ended
      await connections.destroy()
      await Promise.all(asking)
    },
  }
}

/** What it measures, or why that could not be had. */
async function ask(
  connections: Agent,
  { host, port }: { host: string; port: number },
): Promise<NodeMetrics | string> {
  const place = `${urlHost(host)}:${port}`
  try {
    const { statusCode, body } = await request(`http://${place}/api/metrics`, {
      dispatcher: connections,
      signal: AbortSignal.timeout(TIMEOUT_MS), // of all of it: who sends a byte a second is no faster than who sends none
    })
    const text = await body.text()
    if (statusCode !== 200) return `${place} answered ${statusCode} when it was asked for its measurements.`
    return (
      NodeMetrics.safeParse(JSON.parse(text)).data ?? `${place} answered something that is no measurement.`
    )
  } catch (error) {
    if (error instanceof SyntaxError) return `${place} answered something that is no measurement.`
    return `${place} could not be asked: ${printable(describe(error)).slice(0, 200)}.`
  }
}
