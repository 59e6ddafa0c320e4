import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { expect, test, vi } from 'vitest'
import { stream } from '../agent-under-test.ts'
import type { Answer } from '../requests/answer.ts'
import { streamReporter } from './stream-reporter.ts'

const ACCEPTED: Answer<unknown> = { kind: 'accepted', body: undefined }
const AWAY: Answer<unknown> = { kind: 'away', cause: 'connect ECONNREFUSED' }

test('media that is silent for more than six seconds has nothing live, and that is said once', async () => {
  const { reporter, clock, lines, liveChanged } = newReporter()
  reporter.take([stream(), stream({ name: 'gone', state: 'waiting', session: 'sbbbbbbbbbbbb' })])
  expect(reporter.live()).toEqual(['golive'])
  clock.now += 6000
  reporter.watchSilence()
  expect(reporter.live()).toEqual(['golive'])
  clock.now += 1
  reporter.watchSilence()
  reporter.watchSilence()
  expect(reporter.live()).toEqual([])
  expect(liveChanged).toHaveBeenCalledTimes(2)
  expect(lines.filter((line) => line.includes('media is silent'))).toHaveLength(1)
  reporter.take([stream()])
  expect(reporter.live()).toEqual(['golive'])
})

test('what is live is told when it changes, not at every report', () => {
  const { reporter, liveChanged } = newReporter()
  for (const state of ['waiting', 'live', 'live', 'waiting'] as const) reporter.take([stream({ state })])
  expect(liveChanged).toHaveBeenCalledTimes(2)
})

test('while a report is on its way, only the newest waits', async () => {
  const { reporter, posted, answers } = newReporter()
  const slow = Promise.withResolvers<Answer<unknown>>()
  answers.push(slow.promise)
  for (const state of ['live', 'live', 'waiting'] as const) reporter.take([stream({ state })])
  expect(posted.map(({ state }) => state)).toEqual(['live'])
  slow.resolve(ACCEPTED)
  await vi.waitFor(() => expect(posted.map(({ state }) => state)).toEqual(['live', 'waiting']))
})

test('the end of a session arrives once, even if media has forgotten it meanwhile', async () => {
  const { reporter, posted, answers } = newReporter()
  answers.push(Promise.resolve(AWAY), Promise.resolve(AWAY))
  reporter.take([stream({ state: 'ended' })])
  await settled()
  reporter.take([])
  await settled()
  expect(posted).toHaveLength(2)
  reporter.take([])
  await settled()
  expect(posted.map(({ state }) => state)).toEqual(['ended', 'ended', 'ended'])
  reporter.take([stream({ state: 'ended' })])
  reporter.take([])
  await settled()
  expect(posted.length).toBeLessThanOrEqual(4)
  reporter.take([])
  await settled()
  expect(posted.length).toBeLessThanOrEqual(4)
})

test('an end that the control plane will never take is not offered for ever', async () => {
  const { reporter, posted, answers } = newReporter()
  answers.push(Promise.resolve({ kind: 'refused', code: 'unknown-stream' }))
  reporter.take([stream({ state: 'ended' })])
  await settled()
  reporter.take([])
  await settled()
  expect(posted).toHaveLength(1)
})

test('a trouble and its end are said once each, and the end lets the heartbeat know', async () => {
  const { reporter, answers, lines, returned } = newReporter()
  answers.push(Promise.resolve(AWAY), Promise.resolve(AWAY))
  for (let round = 0; round < 4; round += 1) {
    reporter.take([stream()])
    await settled()
  }
  expect(lines.filter((line) => line.includes('could not be reported'))).toHaveLength(1)
  expect(lines.filter((line) => line.includes('reports arrive again'))).toHaveLength(1)
  expect(returned).toHaveBeenCalledTimes(1)
})

function newReporter() {
  const posted: StreamReport[] = []
  const answers: Promise<Answer<unknown>>[] = []
  const lines: string[] = []
  const clock = { now: 0 }
  const [returned, liveChanged] = [vi.fn(), vi.fn()]
  const reporter = streamReporter({
    post(report) {
      posted.push(report)
      return answers.shift() ?? Promise.resolve(ACCEPTED)
    },
    returned,
    liveChanged,
    log: createLog('test', (line) => lines.push(line)),
    now: () => clock.now,
  })
  return { reporter, posted, answers, lines, clock, returned, liveChanged }
}

/** All answers that are there have been dealt with. */
const settled = () => new Promise((resolve) => setImmediate(resolve))
