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
      cause: 'A setting is wrong: SEGMENT_DURATION must be a number.',
    },
  ])
})

test('what is not set has its promised default', () => {
  expect(readMediaConfig(env)).toMatchObject({
    rtmpServer: 'rtmp://127.0.0.1:1935',
    settings: { segmentSeconds: 2, listed: 10, staleMs: 600_000 },
  })
})

test.each([
  ['SEGMENT_DURATION', 'two'],
  ['PLAYLIST_SIZE', '2'],
  ['STALE_THRESHOLD', '-1'],
  ['ACCESS_LOG', '0.0.0.0:8514'],
  ['ACCESS_LOG', '127.0.0.1:70000'],
  ['RTMP_URL', 'http://127.0.0.1/stream'],
])('names the setting that is wrong: %s', (name, value) => {
  expect(() => readMediaConfig({ ...env, [name]: value })).toThrow(name)
})

test('the access log is heard where nginx sends it, or not at all', () => {
  expect(readMediaConfig({ ...env, ACCESS_LOG: '127.0.0.2:8514' }).accessLog).toEqual({
    host: '127.0.0.2',
    port: 8514,
  })
  expect(readMediaConfig(env).accessLog).toBeUndefined()
})
