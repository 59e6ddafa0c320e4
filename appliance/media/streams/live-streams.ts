import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { probeSource } from '../encoder/probe-source.ts'
import type { PlayedStream } from '../ingest/play-stream.ts'
import type { RtmpServer } from '../ingest/rtmp-server.ts'
import type { Source } from '../ladder/ladder-plan.ts'
import { type KnownSessionsDependencies, knownSessions } from './known-sessions.ts'
import { isSame, type PublisherId, presentPublishers } from './present-publishers.ts'
import type { PulledInput } from './session-encoder.ts'
import { tellOfPicture } from './tell-of-picture.ts'

type Dependencies = KnownSessionsDependencies & {
  rtmp: Pick<RtmpServer, 'publishers' | 'drop' | 'play'>
  /** Where the stream of a publisher is played from. */
  urlOf: (publisher: PublisherId) => string
}

/** A source that is pulled: another kind of publisher. `gone` aborts when it is wanted no more. */
type Pulled = PulledInput & { name: string; source: Source; gone: AbortSignal }

/** Then a publisher is let in all the same: his encoder waits for his next key frame. */
const JOINED_WITHIN_MS = 1000

export type LiveStreams = ReturnType<typeof liveStreams>

/** All streams of this node: the sessions that are, were, or may come back. */
export function liveStreams(dependencies: Dependencies) {
  const { rtmp, urlOf, log } = dependencies
  const report = (error: unknown) => log.error('a stream is in trouble', error)
  const sessions = knownSessions(dependencies)
  const { currentOf } = sessions
  const publishers = presentPublishers({
    rtmp,
    came: (publisher, gone, stream) => void begin(publisher, gone, stream).catch(report),
    left: (name) => currentOf(name)?.left(),
    // An encoder that was told of sound finds none, or does not listen for it.
    changed: ({ name, audio }) => currentOf(name)?.source()?.audio === !audio,
    log,
  })

  /** Before a publisher may send, his stream is joined: his first picture comes at once, and the next one may be far. */
  async function came(publisher: PublisherId) {
    const stream = rtmp.play(urlOf(publisher))
    publishers.came(publisher, stream)
    await Promise.race([stream.joined, sleep(JOINED_WITHIN_MS)])
  }

  async function begin(publisher: PublisherId, gone: AbortSignal, joined?: PlayedStream) {
    const stream = joined ?? rtmp.play(urlOf(publisher))
    gone.addEventListener('abort', stream.leave)
    const look = async () => (await rtmp.publishers()).find(isSame(publisher))
    const { name } = publisher
    const picture = tellOfPicture({ ...dependencies, name, gone })
    const source = await probeSource({ look, coded: stream.size, pictureless: picture.missing, signal: gone })
    if (source) picture.came()
    await currentOf(name)?.settled()
    if (source && !gone.aborted) sessions.sessionFor(name).came({ source, play: playing(publisher, stream) })
  }

  /** Each run of an encoder joins a stream anew, but for the first one. */
  function playing(publisher: PublisherId, joined: PlayedStream): () => PlayedStream {
    let first: PlayedStream | undefined = joined
    return () => {
      const stream = first && !first.isOver() ? first : rtmp.play(urlOf(publisher))
      first = undefined
      return stream
    }
  }

  async function feed({ name, source, gone, ...pulled }: Pulled) {
    await currentOf(name)?.settled()
    if (!gone.aborted) sessions.sessionFor(name).came({ source, pulled })
  }

  function tick() {
    for (const session of sessions.all()) {
      session.tick()
      // Connected, but silent until its session ended.
      if (session.isOver() && session.encoder()) publishers.dismiss(session.name).catch(report)
      if (session.state() === 'forgotten') void sessions.forget(session).catch(report)
    }
  }

  return {
    came,
    left: publishers.left,
    reconcile: publishers.reconcile,
    tick,
    feed: (pulled: Pulled) => void feed(pulled).catch(report),
    /** A pulled source has ended, or is away. */
    starve: (name: string) => currentOf(name)?.left(),
    publishing: publishers.names,
    publishedTo: publishers.appOf,
    publishedSince: publishers.since,
    /** Ends a stream for those who watch, and sends its publisher away. */
    finish(name: string) {
      publishers.dismiss(name).catch(report)
      currentOf(name)?.finish()
    },
    find: currentOf,
    isKnown: (session: string) => sessions.find(session) !== undefined,
    /** Also of a session that is over, as long as its files are there. */
    liveOf(name: string, session: string) {
      const found = sessions.find(session)
      return found?.name === name ? found.live : undefined
    },
    list: sessions.list,
    /** The process ends: sessions wait for the next one. */
    async suspend() {
      publishers.abandon()
      await Promise.all(sessions.all().map((session) => session.suspend()))
    },
  }
}
