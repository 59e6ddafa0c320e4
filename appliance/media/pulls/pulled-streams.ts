import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { maskSecrets } from '@sixcast/shared/runtime/mask-secrets.ts'
import type { Quality } from '../ladder/qualities.ts'
import { type findSources, nameOf } from './find-source.ts'
import type { Stage } from './keep-pulling.ts'
import type { TrialOf } from './order-trials.ts'
import { isItself, runningPulls } from './running-pulls.ts'
import { isSameSource, type PullSource, readSourceUrl } from './source-url.ts'
import { isSameOrder, type StreamOrder } from './stream-order.ts'
import type { WantedStreams } from './wanted-streams.ts'

type Dependencies = {
  wanted: WantedStreams
  /** Those that are wanted no more, as long as they are shown. */
  past: WantedStreams
  sources: ReturnType<typeof findSources>
  stage: Stage
  /** Why this node takes no further stream that is ordered so; undefined if it does. */
  capacity: (qualities: Quality[] | undefined, name: string) => Problem | undefined
  rtmpPort: number
  /** A stream that nobody has asked after for so long is stopped. */
  staleMs: number
  trialOf: TrialOf
  /** Told in words for people what is wrong with a stream. */
  noted: (name: string, sentence: string, matter?: string) => void
  log: Log
}

export type PulledStreams = ReturnType<typeof pulledStreams>

/** The streams that were asked for by API. What is wanted stands in the store; what is done about it, in the running pulls. */
export function pulledStreams(dependencies: Dependencies) {
  const { wanted, past, sources, stage, capacity, rtmpPort, staleMs, log } = dependencies
  const running = runningPulls({ ...dependencies, over: (name, source) => finish(name, isOver(source)) })
  for (const order of wanted.list()) takeUp(order)

  /** Whether it was new. A stream that is asked for again as it is has been heard of. */
  async function start(order: StreamOrder): Promise<boolean> {
    const source = readSourceUrl(order.source_url, rtmpPort)
    if (isKnown(order, source)) return false
    await sources.judge(source)
    if (isKnown(order, source)) return false // somebody else has asked meanwhile; from here on nothing waits
    makeSureOfRoom(order, source)
    past.remove(order.stream_id)
    wanted.add({ ...order, asked_at: new Date().toISOString() })
    log.info('stream asked for', { stream: order.stream_id, source: maskSecrets(order.source_url) })
    running.begin(order, source)
    return true
  }

  function isKnown(order: StreamOrder, source: PullSource): boolean {
    const known = wanted.find(order.stream_id)
    if (!known) return false
    if (!isSameOrder(known, order) || !isSameSource(readSourceUrl(known.source_url, rtmpPort), source))
      throw new Problem('name-taken', otherSettings(order.stream_id))
    running.heard(order.stream_id)
    return true
  }

  function makeSureOfRoom({ stream_id: name, qualities }: StreamOrder, source: PullSource) {
    if (wanted.list().length >= MOST_ORDERS) throw new Problem('node-full', MANY_ORDERS)
    if (isItself(name, source)) return
    if (stage.isPublished(name))
      throw new Problem('already-publishing', `Somebody publishes ${name} to this node by RTMP.`)
    const full = capacity(qualities, name)
    if (full) throw full
  }

  /** What an earlier release took may be refused by this one. */
  function takeUp(order: StreamOrder) {
    try {
      running.begin(order, readSourceUrl(order.source_url, rtmpPort))
    } catch (error) {
      log.error('a stream is not taken up again', error, { stream: order.stream_id })
      wanted.remove(order.stream_id)
    }
  }

  function stop(name: string) {
    running.stop(name)
    wanted.remove(name)
    past.remove(name)
  }

  function finish(name: string, why: string) {
    const order = wanted.find(name)
    stop(name)
    if (order) past.add(order)
    stage.finish(name)
    dependencies.noted(name, why, 'absence')
    log.info('stream stopped', { stream: name, why })
  }

  return {
    start,
    stop,
    heard: running.heard,
    /** Whether it is pulled from somewhere, so that nobody may publish it. */
    isFed: running.isFed,
    order: wanted.find,
    /** What a stream was asked for as, that is pulled no more. */
    pastOrder: past.find,
    names: running.names,
    /** Those that are pulled from somewhere, or are to be. */
    expected: running.expected,
    /** Stops what nobody asks after any more, but no stream that somebody publishes. Says how many. */
    cleanUp(): number {
      const stale = running.unheardFor(staleMs).filter((name) => !stage.isPublished(name))
      for (const name of stale) finish(name, unheard(staleMs))
      return stale.length
    },
    forgetPast(isShown: (name: string) => boolean) {
      for (const { stream_id: name } of past.list()) if (!isShown(name)) past.remove(name)
    },
    /** The process ends: all of them stay wanted. */
    suspend: running.suspend,
  }
}

/** What is published to the node anyway costs it nothing, but the list of it does. */
const MOST_ORDERS = 100
const MANY_ORDERS = `This node has been asked for ${MOST_ORDERS} streams, and it keeps no more in mind: stop one.`
const unheard = (ms: number) => `Nobody asked after it for ${Math.round(ms / 1000)} s, so it was stopped.`
const otherSettings = (name: string) => `The stream ${name} runs with other settings: stop it first.`
const isOver = (source: PullSource) =>
  `${source.kind === 'network' ? `The film at ${source.url.hostname}` : nameOf(source)} is over.`
