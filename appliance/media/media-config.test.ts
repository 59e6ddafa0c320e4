import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refusedStart } from '../../tests/setup/refused-start.ts'
import { readMediaConfig } from './media-config.ts'

const env = {
  STATE_DIRECTORY: '/state',
  RUNTIME_DIRECTORY: '/run/node',
  LIVE_DIRECTORY: '/run/node/live',
  RTMP_URL: 'rtmp://127.0.0.1:1935/stream',
}

test('a wrong setting is named by the process in one line without a stack', async () => {
  const main = join(import.meta.dirname, 'main.ts')
  const { code, stderr, lines } = await refusedStart(main, { ...env, SEGMENT_DURATION: 'abc' })
  expect([code, stderr]).toEqual([1, ''])
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: 'error',
      unit: 'media',
      event: 'media cannot go on',
      cause: 'A setting is wrong: SEGMENT_DURATION: a whole number of seconds from 1 to 10.',
    },
  ])
}, 30_000)

test('what is not set has its promised default', () => {
  expect(readMediaConfig(env)).toMatchObject({
    rtmpServer: 'rtmp://127.0.0.1:1935',
    ingestDirectory: '/state/ingest',
    cleanUpMs: 300_000,
    settings: { segmentSeconds: 2, partMs: 333, lowLatency: true, listed: 10, staleMs: 600_000 },
  })
})

test.each([['RTMP_URL', 'http://127.0.0.1/stream']])('names the setting that is wrong: %s', (name, value) => {
  expect(() => readMediaConfig({ ...env, [name]: value })).toThrow(name)
})

test.each([
  [
    'SEGMENT_DURATION',
    'a whole number of seconds from 1 to 10',
    ['two', '0', '11', '1.5', '1e9', 'Infinity'],
  ],
  ['PART_DURATION', 'a whole number of milliseconds from 200 to 1000', ['0.333', '199', '1001', '333ms']],
  ['PLAYLIST_SIZE', 'a whole number of segments from 3 to 1000', ['2', '1001', 'all']],
  ['CLEANUP_INTERVAL', 'a whole number of seconds from 1 to 86400', ['0', '-1', '86401']],
  ['STALE_THRESHOLD', 'a whole number of seconds from 1 to 604800', ['0', '-1', 'never']],
  ['LOW_LATENCY_HLS', 'true or false', ['maybe', '2']],
  ['MEASURE_ENCODERS', 'true or false', ['maybe', '2']],
])('%s must be %s', (name, range, wrong) => {
  for (const value of wrong)
    expect(() => readMediaConfig({ ...env, [name]: value })).toThrow(`A setting is wrong: ${name}: ${range}.`)
})
