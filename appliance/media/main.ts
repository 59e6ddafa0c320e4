import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { runEncoder } from './encoder/run-encoder.ts'
import { askAgent } from './ingest/ask-agent.ts'
import { authorisationCache } from './ingest/authorisation-cache.ts'
import { publishGate } from './ingest/publish-gate.ts'
import { rtmpServer } from './ingest/rtmp-server.ts'
import { mediaApp } from './media-app.ts'
import { readMediaConfig } from './media-config.ts'
import { serveOnSocket } from './serve-on-socket.ts'
import { liveStreams } from './streams/live-streams.ts'
import { reportStreams } from './streams/report-streams.ts'
import { sessionStore } from './streams/session-store.ts'
import { keepThumbnail } from './thumbnails/keep-thumbnail.ts'

const log = createLog('media')
const config = readMediaConfig(process.env)
for (const folder of [config.stateDirectory, config.liveDirectory]) mkdirSync(folder, { recursive: true })

const ending = new AbortController()
const report = (error: unknown) => log.error('media', error)
const agentSocket = join(config.runtimeDirectory, 'agent.sock')
const rtmp = rtmpServer(join(config.runtimeDirectory, 'rtmp.sock'))

const streams = liveStreams({
  rtmp,
  urlOf: ({ app, name }) => `${config.rtmpServer}/${app}/${name}`,
  store: sessionStore(config),
  settings: config.settings,
  encode: (args, startRun) => runEncoder({ command: ['ffmpeg', ...args], startRun, log }),
  keepThumbnail,
  changed: () => void reportChange(),
  log,
})
const reportChange = reportStreams({
  socketPath: agentSocket,
  reports: () => streams.list().flatMap((session) => session.report() ?? []),
  signal: ending.signal,
  log,
})
const admit = publishGate({
  ask: askAgent(agentSocket, report),
  cache: authorisationCache(join(config.stateDirectory, 'authorised.json')),
  rtmp,
})

const server = serveOnSocket(mediaApp({ streams, admit, log }), join(config.runtimeDirectory, 'media.sock'))
server.once('listening', () => log.info('ready'))

void repeat(500, async () => streams.tick(), ending.signal, report)
void repeat(1000, () => streams.reconcile(), ending.signal, report)

await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
ending.abort()
server.close()
await streams.suspend()
process.exit(0)
