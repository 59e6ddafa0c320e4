import { createLog } from '@sixcast/shared/runtime/log.ts'
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
