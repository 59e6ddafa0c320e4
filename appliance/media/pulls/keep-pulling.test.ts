import { createLog } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { keepPulling } from './keep-pulling.ts'
import { readSourceUrl } from './source-url.ts'

test('what was opened for a source is closed before it is looked for again, and at the end', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const stopping = new AbortController()
  const signals: AbortSignal[] = []
  const pulling = keepPulling({
    name: 'cam',
    source: readSourceUrl('rtsp://camera.example/', 1935),
    sources: { find: async (_, signal) => ({ why: `away since ${signals.push(signal)}` }) },
    stage: { feed: () => {}, starve: () => {}, finish: () => {}, isPublished: () => false },
    noted: () => {},
    trial: (look) => look(),
    looked: () => {},
    log: createLog('media', () => {}),
    signal: stopping.signal,
  })
  await vi.advanceTimersByTimeAsync(2000)
  expect(signals.length).toBeGreaterThan(1)
  expect(signals.slice(0, -1).every(({ aborted }) => aborted)).toBe(true)
  expect(signals.at(-1)?.aborted).toBe(false)
  stopping.abort()
  expect(await pulling).toBe(false)
  expect(signals.at(-1)?.aborted).toBe(true)
})

test.each([
  [{ seconds: 10 }, 10_000, { over: true, noted: [] }],
  [{ seconds: 10 }, 5000, { over: false, noted: ['The source at web.example hung up.'] }],
  [undefined, 10_000, { over: false, noted: ['The source at web.example hung up.'] }],
])('of %j it is known whether it is over when its line ends well after %i ms', async (film, ms, outcome) => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const stopping = new AbortController()
  const noted: string[] = []
  const found = { input: { args: [] }, source: { width: 2, height: 2, frameRate: 25, audio: false }, film }
  const pulling = keepPulling({
    name: 'film',
    source: readSourceUrl('http://web.example/film.mp4', 1935),
    sources: { find: async () => ({ found }) },
    stage: {
      feed: ({ ended }) => void sleep(ms).then(() => ended({ code: 0, said: '' })),
      starve: () => {},
      finish: () => {},
      isPublished: () => false,
    },
    noted(_, sentence) {
      noted.push(sentence)
      stopping.abort()
    },
    trial: (look) => look(),
    looked: () => {},
    log: createLog('media', () => {}),
    signal: stopping.signal,
  })
  await vi.advanceTimersByTimeAsync(60_000)
  expect({ over: await pulling, noted }).toEqual(outcome)
})
