import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { findSources } from './find-source.ts'
import { keepPulling, type Stage } from './keep-pulling.ts'
import { maskSecrets } from './mask-secrets.ts'
import type { Capacity } from './pull-capacity.ts'
import { type PullSource, readSourceUrl } from './source-url.ts'
import { isSameOrder, type StreamOrder } from './stream-order.ts'
import type { WantedStreams } from './wanted-streams.ts'

type Dependencies = {
  wanted: WantedStreams
  sources: ReturnType<typeof findSources>
  stage: Stage
  capacity: Capacity
  rtmpPort: number
  /** A stream that nobody has asked after for so long is stopped. */
  staleMs: number
  /** Told in words for people what is wrong with a stream. */
  noted: (name: string, sentence: string) => void
  log: Log
}

type Pull = { source: PullSource; heardAt: number; stopping: AbortController; done: Promise<void> }

export type PulledStreams = ReturnType<typeof pulledStreams>

/** The streams that were asked for by API. What is wanted stands in the store; each has one here that follows its source. */
export function pulledStreams(dependencies: Dependencies) {
  const { wanted, sources, stage, capacity, rtmpPort, staleMs, log } = dependencies
  const pulls = new Map<string, Pull>()
  let stoppedAsStale = 0
  for (const order of wanted.list()) takeUp(order)

  /** Whether it was new. A stream that is asked for again as it is has been heard of. */
  async function start(order: StreamOrder): Promise<boolean> {
    const source = readSourceUrl(order.source_url, rtmpPort)
    if (isKnown(order)) return false
    await sources.judge(source)
    if (isKnown(order)) return false // somebody else has asked meanwhile; from here on nothing waits
    if (!isItself(order.stream_id, source)) makeSureOfRoom(order.stream_id)
    wanted.add({ ...order, asked_at: new Date().toISOString() })
    log.info('stream asked for', { stream: order.stream_id, source: maskSecrets(order.source_url) })
    begin(order.stream_id, source)
    return true
  }

  function isKnown(order: StreamOrder): boolean {
    const known = wanted.find(order.stream_id)
    if (!known) return false
    if (!isSameOrder(known, order))
      throw new Problem(
        'name-taken',
        `The stream ${order.stream_id} runs with other settings: stop it first.`,
      )
    heard(order.stream_id)
    return true
  }

  function makeSureOfRoom(name: string) {
    if (stage.isPublished(name))
      throw new Problem('already-publishing', `Somebody publishes ${name} to this node by RTMP.`)
    const full = capacity([...pulls.keys()].filter(isFed).length + stage.publishing())
    if (full) throw new Problem('node-full', full)
  }

  function begin(name: string, source: PullSource) {
    const stopping = new AbortController()
    const pull = { source, heardAt: performance.now(), stopping, done: Promise.resolve() }
    pulls.set(name, pull)
    if (isItself(name, source)) return
    pull.done = keepPulling({ ...dependencies, name, source, signal: stopping.signal })
      .then((over) => (over ? finish(name) : undefined))
      .catch((error) => log.error('a pull broke', error, { stream: name }))
  }

  /** What an earlier release took may be refused by this one. */
  function takeUp({ stream_id, source_url }: StreamOrder) {
    try {
      begin(stream_id, readSourceUrl(source_url, rtmpPort))
    } catch (error) {
      log.error('a stream is not taken up again', error, { stream: stream_id })
      wanted.remove(stream_id)
    }
  }

  function finish(name: string) {
    stop(name)
    stage.finish(name)
    log.info('stream stopped', { stream: name })
  }

  /** Whether it is pulled from somewhere, so that nobody may publish it. */
  function isFed(name: string): boolean {
    const source = pulls.get(name)?.source
    return source !== undefined && !isItself(name, source)
  }

  function heard(name: string) {
    const pull = pulls.get(name)
    if (pull) pull.heardAt = performance.now()
  }

  function stop(name: string) {
    pulls.get(name)?.stopping.abort()
    pulls.delete(name)
    wanted.remove(name)
  }

  /** Stops what nobody asks after any more, but no stream that somebody publishes. */
  function cleanUp() {
    const silentSince = performance.now() - staleMs
    const stale = [...pulls].filter(
      ([name, { heardAt }]) => heardAt <= silentSince && !stage.isPublished(name),
    )
    for (const [name] of stale) finish(name)
    stoppedAsStale += stale.length
  }

  return {
    start,
    stop,
    heard,
    isFed,
    cleanUp,
    order: wanted.find,
    names: () => [...pulls.keys()],
    stoppedAsStale: () => stoppedAsStale,
    /** The process ends: all of them stay wanted. */
    async suspend() {
      for (const { stopping } of pulls.values()) stopping.abort()
      await Promise.all([...pulls.values()].map(({ done }) => done))
    },
  }
}

/** A stream that is asked for by the name it is published under needs no pulling. */
function isItself(name: string, source: PullSource): boolean {
  return source.kind === 'own' && source.name === name
}
