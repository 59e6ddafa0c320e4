import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { expect, test, vi } from 'vitest'
import { stream } from '../start-test-agent.ts'
import type { ReportAnswer } from './stream-lane.ts'
import { streamReporter } from './stream-reporter.ts'

const ACCEPTED: ReportAnswer = { kind: 'accepted', body: {} }
const AWAY: ReportAnswer = { kind: 'away', cause: 'connect ECONNREFUSED' }

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
  const slow = Promise.withResolvers<ReportAnswer>()
  answers.push(slow.promise)
  for (const state of ['live', 'live', 'waiting'] as const) reporter.take([stream({ state })])
  expect(posted.map(({ state }) => state)).toEqual(['live'])
  slow.resolve(ACCEPTED)
  await settled()
  expect(posted.map(({ state }) => state)).toEqual(['live', 'waiting'])
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

test('a copy that was to end and is ordered again is told again', async () => {
  const { reporter, posted } = newReporter()
  for (const state of ['live', 'ended', 'ended', 'live'] as const) {
    reporter.take([stream({ state })])
    await settled()
  }
  expect(posted.map(({ state }) => state)).toEqual(['live', 'ended', 'live'])
})

test('a stream that the control plane does not know is named, until it does', async () => {
  const { reporter, answers } = newReporter()
  const refused: ReportAnswer = { kind: 'refused', code: 'unknown-stream' }
  const named: string[][] = []
  for (const answer of [refused, AWAY, ACCEPTED]) {
    answers.push(Promise.resolve(answer))
    reporter.take([stream()])
    await settled()
    named.push(reporter.unknown())
  }
  expect(named).toEqual([['golive'], ['golive'], []])
  answers.push(Promise.resolve(refused))
  reporter.take([stream({ state: 'ended' })])
  await settled()
  expect(reporter.unknown()).toEqual([])
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
  const { reporter, answers, lines, clock, returned } = newReporter()
  answers.push(Promise.resolve(AWAY), Promise.resolve(AWAY))
  for (let round = 0; round < 4; round += 1) {
    reporter.take([stream()])
    await settled()
    clock.now += 2000
  }
  expect(lines.filter((line) => line.includes('could not be reported'))).toHaveLength(1)
  expect(lines.filter((line) => line.includes('reports arrive again'))).toHaveLength(1)
  expect(returned).toHaveBeenCalledTimes(1)
})

test.each([
  ['as often as media speaks, when the control plane does not say', {}, [0, 2000, 4000, 6000, 8000]],
  ['when the control plane wants it', { nextSeconds: 4 }, [0, 4000, 8000]],
  ['at least every five minutes', { nextSeconds: 1e9 }, [0, 300_000]],
  ['at most as often as media speaks', { nextSeconds: 0 }, [0, 2000, 4000, 6000, 8000]],
])('what has not changed is repeated %s', async (_, body, expected) => {
  const { reporter, posted, answers, clock } = newReporter()
  const sentAt: number[] = []
  const jitter = [0, 40, -40, 30, -30]
  for (let step = 0; step * 2000 <= (expected.at(-1) ?? 0); step += 1) {
    answers[0] = Promise.resolve({ kind: 'accepted', body })
    clock.now = step * 2000 + (jitter[step % 5] ?? 0)
    const before = posted.length
    reporter.take([stream()])
    await settled()
    if (posted.length > before) sentAt.push(Math.round(clock.now / 1000) * 1000)
  }
  expect(sentAt).toEqual(expected)
})

test('a change goes at once, and so does what did not arrive', async () => {
  const { reporter, posted, answers } = newReporter()
  const patient = (): Promise<ReportAnswer> =>
    Promise.resolve({ kind: 'accepted', body: { nextSeconds: 60 } })
  answers.push(patient(), Promise.resolve(AWAY), patient())
  for (const state of ['live', 'waiting', 'waiting', 'waiting'] as const) {
    reporter.take([stream({ state })])
    await settled()
  }
  expect(posted.map(({ state }) => state)).toEqual(['live', 'waiting', 'waiting'])
})

test('another measurement, and another count of viewers, alone is no change', async () => {
  const { reporter, posted, answers } = newReporter()
  answers.push(Promise.resolve({ kind: 'accepted', body: { nextSeconds: 60 } }))
  for (const bandwidth of [800_000, 900_000]) {
    const report = stream()
    const renditions = report.renditions.map((rung) => ({ ...rung, bandwidth }))
    reporter.take([{ ...report, renditions, viewers: bandwidth / 100_000 }])
    await settled()
  }
  expect(posted).toHaveLength(1)
})

test('what a node could not say before it was put out of its fleet is not kept for ever', async () => {
  const { reporter, posted, answers, fleet } = newReporter()
  answers.push(Promise.resolve(AWAY))
  reporter.take([stream({ state: 'ended' })])
  await settled()
  fleet.joined = false
  reporter.take([stream({ name: 'other', session: 'sbbbbbbbbbbbb' })])
  fleet.joined = true
  reporter.take([])
  await settled()
  expect(posted).toHaveLength(1)
})

test('the end of a session is told before what has come after it', async () => {
  const { reporter, posted, answers } = newReporter()
  answers.push(Promise.resolve(AWAY))
  reporter.take([stream({ state: 'ended' })])
  await settled()
  reporter.take([stream({ session: 'sbbbbbbbbbbbb' })])
  await settled()
  expect(posted.map(({ state }) => state)).toEqual(['ended', 'ended', 'live'])
})

function newReporter() {
  const posted: StreamReport[] = []
  const answers: Promise<ReportAnswer>[] = []
  const lines: string[] = []
  const clock = { now: 0 }
  const fleet = { joined: true }
  const [returned, liveChanged] = [vi.fn(), vi.fn()]
  const reporter = streamReporter({
    post(report) {
      posted.push(report)
      return answers.shift() ?? Promise.resolve(ACCEPTED)
    },
    inFleet: () => fleet.joined,
    returned,
    liveChanged,
    log: createLog('test', (line) => lines.push(line)),
    now: () => clock.now,
  })
  return { reporter, posted, answers, lines, clock, fleet, returned, liveChanged }
}

/** All answers that are there have been dealt with. */
const settled = () => new Promise((resolve) => setImmediate(resolve))
