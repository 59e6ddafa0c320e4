import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { RunReport } from '../encoder/run-reports.ts'
import type { MirrorSession } from '../mirrors/mirror-session.ts'
import { mirrorView } from '../mirrors/mirror-view.ts'
import type { MirroredStreams } from '../mirrors/mirrored-streams.ts'
import type { PulledStreams } from '../pulls/pulled-streams.ts'
import type { StreamOrder } from '../pulls/stream-order.ts'
import type { LiveSession } from './live-session.ts'
import type { LiveStreams } from './live-streams.ts'
import type { StreamProblems } from './stream-problems.ts'
import { type Measures, type StreamView, viewOf } from './stream-view.ts'

type Dependencies = {
  streams: Pick<LiveStreams, 'find' | 'list' | 'finish' | 'publishing' | 'publishedSince'>
  pulls: Pick<PulledStreams, 'start' | 'stop' | 'heard' | 'order' | 'pastOrder' | 'names'>
  mirrors: Pick<MirroredStreams, 'find' | 'list'>
  problems: StreamProblems
  measures: Measures
}

export type StreamDesk = ReturnType<typeof streamDesk>

/** All that integrators may ask of this node's streams, whether they are published to it or pulled by it. */
export function streamDesk({ streams, pulls, mirrors, problems, measures }: Dependencies) {
  /** Those whose end was ordered are gone for whoever asks, though their files stay for who still watches. */
  const stopped = new WeakSet<LiveSession>()

  function sessionOf(name: string): LiveSession | undefined {
    const session = streams.find(name)
    return session && stopped.has(session) && session.isOver() ? undefined : session
  }

  /** Where this node has a source of its own, that is what it shows. */
  function mirrorOf(name: string): MirrorSession | undefined {
    const isOwn =
      pulls.order(name) ||
      streams.publishedSince(name) ||
      ['starting', 'live'].includes(sessionOf(name)?.state() ?? '')
    return isOwn ? undefined : mirrors.find(name)
  }

  function find(name: string): StreamView {
    const mirror = mirrorOf(name)
    if (mirror) return mirrorView({ mirror, problems: problems.of(name), measures })
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
    const copied = mirrors.list().map(({ stream }) => stream)
    return [...new Set([...sessions, ...pulls.names(), ...streams.publishing(), ...copied])].toSorted()
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
      const mirror = mirrorOf(name)
      if (mirror)
        throw new Problem(
          'busy',
          `${name} is copied from ${mirror.from()} because the control plane ordered it: it ends there.`,
        )
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
