import { expect, test } from 'vitest'
import type { Glance } from './viewer-recorder.ts'
import { eventsOf, longestFreeze, nothingSeen, type Viewing, viewingWords, withGlance } from './viewing.ts'

const glance = (at: number, more: Partial<Glance> = {}): Glance => ({
  ...{ at, shownAt: at - 20, gaps: [], sources: [], failures: [], ahead: 1 },
  ...more,
})
const seen = (...glances: Glance[]): Viewing => glances.reduce(withGlance, nothingSeen)
const nodeOne = { at: 900, host: '[2a10:0:1::80]:8084', pathway: 'n1' }
const relay = { at: 5000, host: '[2a10:0:c::1]:8080', pathway: 'relay' }
const placeOf = (host: string) => (host === relay.host ? 'the relay' : 'node-1')

test.each<[string, Glance[], number]>([
  ['a picture that goes on', [glance(1200)], 0],
  [
    'a gap is as long as it is beyond a picture’s own time',
    [glance(3000, { gaps: [gap(1000, 2033)] })],
    1000,
  ],
  ['the longest counts', [glance(3000, { gaps: [gap(1000, 1333), gap(2000, 2833)] })], 800],
  ['one that is over before is none', [glance(3000, { gaps: [gap(100, 900)] })], 0],
  ['one that begins before is one as a whole', [glance(3000, { gaps: [gap(700, 1733)] })], 1000],
  ['one that lasts still', [glance(3000, { shownAt: 1000 })], 1967],
])('a freeze: %s', (_, glances, ms) => expect(longestFreeze(seen(...glances), 1000)).toBeCloseTo(ms, -1))

test('what comes after a moment is left out when that is asked', () => {
  const viewing = seen(glance(9000, { gaps: [gap(1000, 1500), gap(6000, 8000)] }))
  expect(longestFreeze(viewing, 900, 5000)).toBeCloseTo(467, -1)
})

test('what happens is told once, in the order of its weight', () => {
  const before = seen(glance(1000, { sources: [nodeOne] }))
  const frozen = glance(4000, { shownAt: 1000 })
  expect(eventsOf(before, frozen, placeOf)).toEqual(['the picture stands'])
  const still = withGlance(before, frozen)
  expect(eventsOf(still, glance(4200, { shownAt: 1000 }), placeOf)).toEqual([])
  const again = glance(5200, { gaps: [gap(1000, 5100)], sources: [relay] })
  expect(eventsOf(still, again, placeOf)).toEqual([
    'plays from the relay now, [2a10:0:c::1]:8080 (relay)',
    'the picture stood for 4.07 s',
  ])
})

test('a short stumble is not worth telling, and none before the first picture', () => {
  expect(eventsOf(nothingSeen, glance(9000, { gaps: [gap(8000, 8200)] }), placeOf)).toEqual([])
  const { shownAt: _, ...dark } = glance(9000)
  expect(eventsOf(nothingSeen, dark, placeOf)).toEqual([])
})

test('a viewer in one line', () => {
  expect(viewingWords(nothingSeen, placeOf)).toContain('plays nothing yet')
  const viewing = seen(glance(5200, { gaps: [gap(1000, 5100)], sources: [nodeOne, relay] }))
  expect(viewingWords(viewing, placeOf)).toBe('plays from the relay, 1.0 s loaded ahead; froze for 4.07 s')
})

function gap(from: number, until: number) {
  return { from, until }
}
