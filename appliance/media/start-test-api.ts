import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { nodeEncoders } from './encoder/node-encoders.ts'
import { mediaApp } from './media-app.ts'
import { findSources } from './pulls/find-source.ts'
import { pulledStreams } from './pulls/pulled-streams.ts'
import { wantedStreams } from './pulls/wanted-streams.ts'
import { streamDesk } from './streams/stream-desk.ts'
import { streamProblems } from './streams/stream-problems.ts'

/** For tests: the whole API of media, on a node whose network is unplugged, so that no source is ever there. */
export function startTestApi() {
  const folder = mkdtempSync(join(tmpdir(), 'media-api-'))
  const lines: string[] = []
  const log = createLog('media', (line) => lines.push(line))
  const problems = streamProblems()
  const nobody = {
    finish: () => {},
    publishing: () => [],
    publishedSince: () => undefined,
    find: () => undefined,
    list: () => [],
  }
  const pulls = pulledStreams({
    wanted: wantedStreams(join(folder, 'wanted.json')),
    past: wantedStreams(join(folder, 'past.json')),
    sources: findSources({
      ingestDirectory: folder,
      rtmpServer: 'rtmp://127.0.0.1:1935',
      isPublished: () => false,
      check: async () => ({ away: 'The network is unplugged.' }),
    }),
    stage: {
      feed: () => {},
      starve: () => {},
      finish: () => {},
      isPublished: () => false,
    },
    capacity: () => undefined,
    rtmpPort: 1935,
    staleMs: 60_000,
    noted: problems.note,
    log,
  })
  const measures = { viewersOf: () => undefined, averageResponseMs: () => undefined }
  const encoders = nodeEncoders({
    boxPath: join(folder, 'box.json'),
    encoded: () => [],
    expected: () => [],
    measure: async (machine) => ({
      machine,
      measuredAt: new Date().toISOString(),
      speeds: [{ encoder: 'libx264', pixelsPerSecond: 200e6 }],
      unusable: [],
    }),
    log,
  })
  const app = mediaApp({
    streams: { list: () => [], came: async () => {}, left: () => {} },
    desk: streamDesk({ streams: nobody, pulls, problems, measures, runsOf: () => [] }),
    encoders,
    admit: async () => {},
    metrics: () => '',
    now: Date.now,
    log,
  })
  return {
    app,
    lines,
    async stop() {
      await pulls.suspend()
      rmSync(folder, { recursive: true })
    },
  }
}
