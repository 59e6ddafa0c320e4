import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import type { Box } from './encoder/encoding-budget.ts'
import { nodeEncoders } from './encoder/node-encoders.ts'
import { mediaApp } from './media-app.ts'
import { findSources } from './pulls/find-source.ts'
import type { Trial } from './pulls/order-trials.ts'
import { pulledStreams } from './pulls/pulled-streams.ts'
import { wantedStreams } from './pulls/wanted-streams.ts'
import { streamDesk } from './streams/stream-desk.ts'
import { streamProblems } from './streams/stream-problems.ts'

const box: Box = {
  machine: { ffmpeg: '5.1.9', cpu: 'a processor', cores: 2 },
  measuredAt: '2026-01-01T00:00:00.000Z',
  speeds: [{ encoder: 'libx264', pixelsPerSecond: 200e6 }],
  unusable: [],
}

/**
 * For tests: the whole API of media, on a node whose network is unplugged, so that no source is ever there. It does so much until
 * it is measured, and looks at its sources when `trial` lets it.
 */
export function startTestApi(pixelsPerSecond = 1e15, trial: Trial = (look) => look()) {
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
  const boxPath = join(folder, 'box.json')
  writeFileSync(boxPath, JSON.stringify({ ...box, speeds: [{ encoder: 'libx264', pixelsPerSecond }] }))
  const encoders = nodeEncoders({
    boxPath,
    encoded: () => [],
    expected: () => pulls.expected(),
    measure: async (machine) => ({ ...box, machine, measuredAt: new Date().toISOString() }),
    log,
  })
  const pulls = pulledStreams({
    wanted: wantedStreams(join(folder, 'wanted.json'), log),
    past: wantedStreams(join(folder, 'past.json'), log),
    sources: findSources({
      ingestDirectory: folder,
      rtmpServer: 'rtmp://127.0.0.1:1935',
      publishedTo: () => undefined,
      houseDoor: 'http://127.0.0.1:9',
      check: async () => ({ away: 'The network is unplugged.' }),
    }),
    stage: {
      feed: () => {},
      starve: () => {},
      finish: () => {},
      isPublished: () => false,
    },
    capacity: encoders.full,
    rtmpPort: 1935,
    trialOf: () => trial,
    staleMs: 60_000,
    noted: problems.note,
    log,
  })
  const measures = { viewersOf: () => undefined, averageResponseMs: () => undefined }
  const app = mediaApp({
    streams: { list: () => [], came: async () => {}, left: () => {} },
    desk: streamDesk({ streams: nobody, pulls, mirrors: nobody, problems, measures }),
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
