import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { followStream, type Observations } from '../conformance/follow-stream.ts'
import { holdingsOf, INDEX, UPSETS, upsetStream } from '../conformance/upset-stream.ts'
import { type Fleet, startFleet } from '../system/start-test-fleet.ts'

/** An hour, unless somebody is in a hurry. */
const MINUTES = Number(process.env.SOAK_MINUTES ?? 60)

let fleet: Fleet

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'])
})
afterAll(async () => await fleet?.remove())

test(
  'an hour of mishaps: one session, nothing that grows, and what is missing is what is declared to be missing',
  async () => {
    const stream = upsetStream(fleet)
    onTestFinished(stream.stop)
    await stream.live()
    const over = new AbortController()
    const following = followStream(INDEX, over.signal)
    const until = Date.now() + MINUTES * 60_000
    const outages: number[] = []
    const holdings: ReturnType<typeof holdingsOf>[] = []
    while (Date.now() < until) {
      const began = Date.now()
      await stream.happen(UPSETS[Math.floor(Math.random() * UPSETS.length)] ?? 'encoder is killed')
      outages.push((Date.now() - began) / 1000)
      holdings.push(holdingsOf(fleet))
    }
    over.abort()
    const observed = await following
    expect([...observed.faults]).toEqual([])
    const gaps = declaredGaps(observed)
    expect(gaps.length).toBeGreaterThanOrEqual(outages.length)
    expect(sum(gaps)).toBeLessThan(sum(outages))
    expect(
      Math.abs(behindTheClock(observed)),
      'media and declared gaps together are as long as it really took',
    ).toBeLessThan(5)

    const third = Math.floor(holdings.length / 3)
    for (const what of ['files', 'handles', 'kilobytes'] as const) {
      const average = (part: typeof holdings) => sum(part.map((each) => each[what])) / part.length
      const [middle, last] = [average(holdings.slice(third, 2 * third)), average(holdings.slice(-third))]
      expect(last, what).toBeLessThan(1.15 * middle)
    }
  },
  (MINUTES + 10) * 60_000,
)

/** Seconds that the dates of the best picture jump over between runs. */
function declaredGaps(observed: Observations): number[] {
  const segments = segmentsOf(observed)
  return segments.slice(1).flatMap((segment, at) => {
    const before = segments[at]
    if (!before || before.discontinuity === segment.discontinuity) return []
    return (segment.at - before.at) / 1000 - before.duration
  })
}

/** Seconds from the date of the last picture to now. */
function behindTheClock(observed: Observations): number {
  const last = segmentsOf(observed).at(-1)
  return last ? (Date.now() - last.at) / 1000 - last.duration : Number.NaN
}

function segmentsOf({ tracks }: Observations) {
  const [best] = [...tracks.entries()].flatMap(([id, { segments }]) => (id === 'audio' ? [] : [segments]))
  return [...(best?.values() ?? [])].toSorted((a, b) => a.number - b.number)
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
