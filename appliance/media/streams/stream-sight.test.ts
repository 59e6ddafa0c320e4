import { StreamSight } from '@sixcast/shared/contract/stream-report.ts'
import { expect, test } from 'vitest'
import { streamSight } from './stream-sight.ts'

const source = { width: 1280, height: 720, frameRate: 30, audio: true }
const session = {
  source: () => source,
  encoder: () => ({ speed: () => 0.98 }),
  latencyMs: () => 410.4,
} as unknown as NonNullable<Parameters<typeof streamSight>[0]['session']>
const problem = { at: '2026-01-01T00:00:00.000Z', what: 'x'.repeat(600) }

test('what is known of a stream is told, and fits what is read at the other end', () => {
  const sight = streamSight({ session, responseMs: 3.2, problems: [problem] })
  expect(StreamSight.parse(sight)).toEqual({
    source: { width: 1280, height: 720, framesPerSecond: 30, audio: true },
    speed: 0.98,
    latencyMs: 410,
    responseMs: 3.2,
    problems: [{ at: problem.at, what: 'x'.repeat(500) }],
  })
})

test('of a copy nothing is told but what is wrong with it', () => {
  const sight = streamSight({ session: undefined, responseMs: undefined, problems: [] })
  expect(StreamSight.parse(sight)).toEqual({ problems: [] })
})
