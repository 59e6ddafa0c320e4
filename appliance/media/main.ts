import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { claimSocket, serveSocket } from '@sixcast/shared/runtime/serve-socket.ts'
import { steadyClock } from './clock/steady-clock.ts'
import { liveListener } from './delivery/live-listener.ts'
import { nodeEncoders } from './encoder/node-encoders.ts'
import { askAgent } from './ingest/ask-agent.ts'
import { authorisationCache } from './ingest/authorisation-cache.ts'
import { publishGate } from './ingest/publish-gate.ts'
import { rtmpServer } from './ingest/rtmp-server.ts'
import { nodeLimits } from './ladder/node-limits.ts'
import { mediaApp } from './media-app.ts'
import { readMediaConfig } from './media-config.ts'
import { followAccessLog } from './metrics/follow-access-log.ts'
import { mediaMetrics } from './metrics/media-metrics.ts'
import { type MirroredStreams, mirroredStreams } from './mirrors/mirrored-streams.ts'
import { findSources } from './pulls/find-source.ts'
import { orderTrials } from './pulls/order-trials.ts'
import { openPullDoor } from './pulls/pull-door.ts'
import { pulledStreams } from './pulls/pulled-streams.ts'
import { wantedStreams } from './pulls/wanted-streams.ts'
import { liveStreams } from './streams/live-streams.ts'
import { removeOrphans } from './streams/remove-orphans.ts'
import { reportStreams } from './streams/report-streams.ts'
import { sessionStore } from './streams/session-store.ts'
import { streamDesk } from './streams/stream-desk.ts'
import { onNoPage, streamProblems } from './streams/stream-problems.ts'
import { streamSight } from './streams/stream-sight.ts'
import { keepThumbnail } from './thumbnails/keep-thumbnail.ts'

const log = createLog('media')
process.once('uncaughtException', (error) => {
  log.error('media cannot go on', error)
  process.exit(1)
})
const config = readMediaConfig(process.env)
const socketPath = join(config.runtimeDirectory, 'media.sock')
await claimSocket(socketPath)
for (const folder of [config.stateDirectory, config.liveDirectory, config.ingestDirectory])
  mkdirSync(folder, { recursive: true })

const clock = steadyClock()
const ending = new AbortController()
const report = (error: unknown) => log.error('media', error)
const agentSocket = join(config.runtimeDirectory, 'agent.sock')
const rtmp = rtmpServer(join(config.runtimeDirectory, 'rtmp.sock'))

const problems = streamProblems()
const wanted = wantedStreams(join(config.stateDirectory, 'wanted-streams.json'), log)
const past = wantedStreams(join(config.stateDirectory, 'past-streams.json'), log)
const doors = { house: await openPullDoor('house'), internet: await openPullDoor('internet') }
// All that ffmpeg opens by HTTP or TLS goes through a door. Whoever is not shown to that of the house is led to the Internet alone.
process.env.http_proxy = doors.internet.url
delete process.env.no_proxy

const limits = nodeLimits()
const encoders = nodeEncoders({
  boxPath: join(config.stateDirectory, 'box.json'),
  encoded: () =>
    streams
      .list()
      .flatMap((session) => (session.encoder() ? [{ name: session.name, rungs: session.rungs() }] : [])),
  expected: () => [...pulls.expected(), ...streams.publishing().map((name) => ({ name }))],
  log,
})
const streams = liveStreams({
  rtmp,
  urlOf: ({ app, name }) => `${config.rtmpServer}/${app}/${name}`,
  store: sessionStore(config),
  settings: config.settings,
  settingsOf(name) {
    const order = wanted.find(name)
    return (
      order && {
        lowLatency: order.low_latency && config.settings.lowLatency,
        hls: order.enable_hls,
        dash: order.enable_dash,
        qualities: order.qualities,
      }
    )
  },
  encoding: encoders,
  limits: limits.honoured,
  keepThumbnail,
  changed: () => void reportChange(),
  noted: problems.note,
  observe: {
    part: (part) => metrics.observePart(part),
    segment: (segment) => metrics.observeSegment(segment),
    dropped: (dropped) => metrics.observeDropped(dropped),
    cleaned: (segments) => metrics.observeCleaned({ segments }),
  },
  now: clock.now,
  log,
})
let mirrors: MirroredStreams | undefined
const metrics = mediaMetrics({
  streams: () => [
    ...streams.list().map(({ name, state }) => ({ name, isLive: state() === 'live' })),
    ...(mirrors?.list() ?? []).map(({ stream, state }) => ({
      name: stream,
      isLive: state().name === 'live',
    })),
  ],
})
let claimed: string | undefined
const reportChange = reportStreams({
  socketPath: agentSocket,
  limits,
  // Viewers are sent to HLS: what has none is for those who know its address.
  reports: () =>
    [
      ...streams.list().flatMap((session) => (session.settings.hls ? (session.report() ?? []) : [])),
      ...(mirrors?.reports() ?? []),
    ].map((report) => ({
      ...report,
      viewers: metrics.viewersOf(report.name),
      seen: streamSight({
        session: report.role === 'mirror' ? undefined : streams.find(report.name),
        responseMs: metrics.averageResponseMs(report.name),
        problems: problems.of(report.name),
      }),
    })),
  load: () => metrics.load(),
  toldTime(time) {
    const encoding = streams.list().some((session) => session.encoder())
    const moved = clock.follow(time, { encoding, toldUntil: toldUntil() })
    if (moved) log.info("the clock follows the control plane's", { ms: Math.round(moved) })
  },
  toldUnknown: (names) => problems.hold('catalog', names, onNoPage),
  toldMirrors: (orders) => mirrors?.take(orders),
  toldClaimed(address) {
    claimed = address
  },
  signal: ending.signal,
  log,
})
clock.reach(toldUntil())
const isPublished = (name: string) => streams.publishing().includes(name)
await streams.reconcile().catch(report) // what is pulled may be what somebody publishes here
const pulls = pulledStreams({
  wanted,
  past,
  sources: findSources({ ...config, publishedTo: streams.publishedTo, houseDoor: doors.house.url }),
  stage: {
    ...streams,
    isPublished,
  },
  capacity: (qualities, name) => limits.full(name, present()) ?? encoders.full(qualities),
  rtmpPort: Number(new URL(config.rtmpServer).port || 1935),
  staleMs: config.settings.staleMs,
  trialOf: orderTrials({
    path: join(config.runtimeDirectory, 'order-trials.json'),
    noted: problems.note,
    log,
  }),
  noted: problems.note,
  log,
})
const admit = publishGate({
  ask: askAgent(agentSocket, report),
  cache: authorisationCache(join(config.stateDirectory, 'authorised.json')),
  rtmp,
  isPulled: pulls.isFed,
  full: (name) => limits.full(name, present()),
})
mirrors = mirroredStreams({
  liveDirectory: config.liveDirectory,
  staleMs: config.settings.staleMs,
  claimed: () => claimed,
  isOwn: (name) =>
    isPublished(name) ||
    pulls.order(name) !== undefined ||
    ['starting', 'live'].includes(streams.find(name)?.state() ?? ''),
  changed: () => void reportChange(),
  noted: problems.note,
  observe: {
    copied: (copied) => metrics.observeCopied(copied),
    dropped: (dropped) => metrics.observeDropped(dropped),
    cleaned: (segments) => metrics.observeCleaned({ segments }),
  },
  log,
})
followAccessLog({
  path: join(config.runtimeDirectory, 'viewers.log'),
  heard: metrics.heard,
  signal: ending.signal,
  log,
})
const desk = streamDesk({ streams, pulls, mirrors, problems, measures: metrics })

const app = mediaApp({
  streams,
  desk,
  encoders,
  admit,
  metrics: metrics.text,
  now: clock.now,
  log,
})
const api = getRequestListener(app.fetch, { hostname: 'media' })
const liveOf = (name: string, session: string) =>
  streams.liveOf(name, session) ?? mirrors?.liveOf(name, session)
const live = liveListener({ liveOf, liveDirectory: config.liveDirectory, log })
const server = await serveSocket(
  (request, response) => (request.url?.startsWith('/live/') ? live : api)(request, response),
  socketPath,
)
log.info('ready')

void repeat(500, async () => streams.tick(), ending.signal, report)
void repeat(500, async () => mirrors.tick(), ending.signal, report)
void repeat(1000, () => streams.reconcile(), ending.signal, report)
const nobodyWaits = () => streams.list().every((session) => session.state() !== 'starting')
if (config.measuresEncoders) encoders.measureWhen(nobodyWaits, ending.signal).catch(report)
void repeat(config.cleanUpMs, async () => cleanUp(), ending.signal, report)

/** All that comes in or is to come in: each takes one of the places that this node has. */
function present() {
  return [...streams.publishing(), ...wanted.list().map(({ stream_id }) => stream_id)]
}

function toldUntil() {
  const goingOn = streams.list().filter((session) => !session.isOver())
  return Math.max(...goingOn.map((session) => session.toldUntil()), Number.NEGATIVE_INFINITY)
}

function cleanUp() {
  const stopped = pulls.cleanUp()
  pulls.forgetPast((name) => streams.find(name)?.isOver() ?? false)
  const isKnown = (session: string) => streams.isKnown(session) || (mirrors?.isKnown(session) ?? false)
  const segments = removeOrphans(config.liveDirectory, isKnown)
  metrics.observeCleaned({ streams: stopped, segments })
  if (stopped || segments) log.info('cleaned up', { streams: stopped, segments })
}

await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
ending.abort()
await server.close()
await pulls.suspend()
await Promise.all([streams.suspend(), mirrors.suspend()])
for (const door of Object.values(doors)) door.close()
process.exit(0)
