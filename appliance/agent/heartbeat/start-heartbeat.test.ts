import type { HeartbeatReply } from '@sixcast/shared/contract/heartbeat.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Answer } from '../requests/answer.ts'
import { startHeartbeat } from './start-heartbeat.ts'

const WITHIN = { timeout: 10_000, interval: 10 }
const accepted = { kind: 'accepted', body: { leaseSeconds: 75, nextSeconds: 30 } } as const
const away = { kind: 'away', cause: 'aborted' } as const

test('a beat that waits for its answer is given up when the node has moved, and is no failure', async () => {
  const { heartbeat, beats } = start()
  await vi.waitFor(() => expect(beats).toHaveLength(1), WITHIN)
  beats[0]?.signal?.addEventListener('abort', () => beats[0]?.answer(away))
  heartbeat.beatNow({ moved: true })
  await vi.waitFor(() => expect(beats).toHaveLength(2), WITHIN)
  expect(heartbeat.state().name).toBe('starting')
})

test('a beat that waits for its answer may get it when something else is new, and the next follows', async () => {
  const { heartbeat, beats } = start()
  await vi.waitFor(() => expect(beats).toHaveLength(1), WITHIN)
  heartbeat.beatNow()
  expect(beats[0]?.signal?.aborted).toBe(false)
  beats[0]?.answer(accepted)
  await vi.waitFor(() => expect(beats).toHaveLength(2), WITHIN)
})

test('an answer that came in the moment of the move counts', async () => {
  const { heartbeat, beats } = start()
  await vi.waitFor(() => expect(beats).toHaveLength(1), WITHIN)
  heartbeat.beatNow({ moved: true })
  beats[0]?.answer(accepted)
  await vi.waitFor(() => expect(beats).toHaveLength(2), WITHIN)
  expect(heartbeat.state().name).toBe('accepted')
})

/** A heartbeat whose beats are answered by the test. */
function start() {
  const beats: { signal: AbortSignal | undefined; answer: (given: Answer<HeartbeatReply>) => void }[] = []
  const heartbeat = startHeartbeat({
    beat: ({ signal }) => new Promise((answer) => beats.push({ signal, answer })),
    accepted: async () => {},
    barred: () => {},
    stateDirectory: '/nowhere',
    log: createLog('agent', () => {}),
  })
  onTestFinished(() => heartbeat.stop({ leaving: false }))
  return { heartbeat, beats }
}
