import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { RunReport } from '../encoder/run-reports.ts'
import type { PulledStreams } from '../pulls/pulled-streams.ts'
import type { StreamOrder } from '../pulls/stream-order.ts'
import type { LiveSession } from './live-session.ts'
import type { LiveStreams } from './live-streams.ts'
import type { StreamProblems } from './stream-problems.ts'
import { type Measures, type StreamView, viewOf } from './stream-view.ts'

type Dependencies = {
  streams: Pick<LiveStreams, 'find' | 'list' | 'finish' | 'publishing' | 'publishedSince'>
  pulls: Pick<PulledStreams, 'start' | 'stop' | 'heard' | 'order' | 'pastOrder' | 'names'>
  problems: StreamProblems
  measures: Measures
}

export type StreamDesk = ReturnType<typeof streamDesk>

/** All that integrators may ask of this node's streams, whether they are published to it or pulled by it. */
export function streamDesk({ streams, pulls, problems, measures }: Dependencies) {
  /** Those whose end was ordered are gone for whoever asks, though their files stay for who still watches. */
  const stopped = new WeakSet<LiveSession>()

  function sessionOf(name: string): LiveSession | undefined {
    const session = streams.find(name)
    return session && stopped.has(session) && session.isOver() ? undefined : session
  }

  function find(name: string): StreamView {
    const [session, wanted, publishedSince] = [
      sessionOf(name),
      pulls.order(name),
      streams.publishedSince(name),
    ]
    if (!session && !wanted && !publishedSince)
      throw new Problem('unknown-stream', `This node has no stream ${name}.`)
    const past = session?.isOver() && !publishedSince ? pulls.pastOrder(name) : undefined
    return viewOf({ name, session, wanted, past, publishedSince, problems: problems.of(name), measures })
  }

  function names(): string[] {
    const sessions = streams.list().flatMap(({ name }) => (sessionOf(name) ? name : []))
    return [...new Set([...sessions, ...pulls.names(), ...streams.publishing()])].toSorted()
  }

  return {
    find,
    list: () => names().map(find),

    runs(name: string): RunReport[] {
      find(name)
      return sessionOf(name)?.runs() ?? []
    },

    /** Whether the stream is new. */
    async start(order: StreamOrder): Promise<{ isNew: boolean; view: StreamView }> {
      const isNew = await pulls.start(order)
      return { isNew, view: find(order.stream_id) }
    },

    stop(name: string) {
      find(name)
      pulls.stop(name)
      const session = streams.find(name)
      if (session) stopped.add(session)
      streams.finish(name)
      problems.forget(name)
    },

    heard(name: string): StreamView {
      pulls.heard(name)
      return find(name)
    },
  }
}
