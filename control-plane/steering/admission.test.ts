import { expect, test } from 'vitest'
import { admission, viewerCost } from './admission.ts'
import { copyOf, nodeIdOf, SESSION, streamOf, TRACKS, viewingOf } from './fake-copies.ts'
import type { Copy, LiveStream } from './live-streams.ts'
import { pathwayChoice } from './pathway-choice.ts'
import { recentlySent } from './recently-sent.ts'

const START = Date.parse('2026-01-01T12:00:00Z')
/** What the best rendition of the stream takes. */
const COST = 2_000_000

function newChoice(copies: Copy[], { relayMegabits }: { relayMegabits?: number } = {}) {
  const clock = { now: START }
  const stream: LiveStream = streamOf(copies)
  const snapshot = async () => ({
    readAt: clock.now,
    names: new Set([stream.name]),
    streams: new Map([[stream.name, stream]]),
  })
  const relayBudget = relayMegabits === undefined ? undefined : { bitsPerSecond: relayMegabits * 1e6 }
  const choice = pathwayChoice({
    fleet: { present: snapshot, lastKnown: snapshot },
    relayPort: 8080,
    admission: admission({ relayBudget, now: () => clock.now }),
  })
  let viewers = 0

  return {
    clock,
    stream,
    choice,
    /** Where so many new viewers go: letters of nodes, R for the relay, - for nowhere. */
    async come(count: number) {
      const firsts: Record<string, number> = {}
      for (let each = 0; each < count; each += 1) {
        viewers += 1
        const first = await choice
          .begin('golive', viewingOf({ viewer: `v${viewers}`, address: addressOf(viewers) }))
          .then(
            ({ pathways }) => pathways[0]?.copy?.node.id[0] ?? 'R',
            ({ code }) => (code === 'fleet-full' ? '-' : code),
          )
        firsts[first] = (firsts[first] ?? 0) + 1
      }
      return firsts
    },
    async steer(count: number, present: string) {
      const ticket = { viewer: 'v', session: SESSION, six: false, has: [present] }
      for (let each = 0; each < count; each += 1)
        await choice.steer('golive', {
          ticket,
          present,
          exclude: [],
          seen: viewingOf({ address: addressOf(each) }),
        })
    },
  }
}

/** Each in a household of his own. */
const addressOf = (viewer: number) => `2a02:8072:${viewer.toString(16)}:100::5`

const line = (letter: string, viewers: number, most: number) =>
  copyOf(letter, `2a01:4f8:${letter.charCodeAt(0)}:100::1`, {
    load: { viewers, bitsPerSecond: viewers * COST },
    budget: { bitsPerSecond: most * COST },
    heardAt: new Date(START),
  })

test('of a thousand who come in one second a node gets as many as it has room for, then the relay, and the others are told', async () => {
  const { come } = newChoice([line('a', 2, 8)], { relayMegabits: 20 })
  expect(await come(1000)).toEqual({ a: 6, R: 10, '-': 984 })
})

test('two nodes with room are filled both, and a relay without a budget takes all the others', async () => {
  const { come } = newChoice([line('a', 0, 6), line('b', 4, 6)])
  expect(await come(1000)).toEqual({ a: 6, b: 2, R: 992 })
})

test('a limit of viewers counts those who have just come as well', async () => {
  const { come } = newChoice([{ ...line('a', 0, 99), budget: { viewers: 3 } }])
  expect(await come(10)).toEqual({ a: 3, R: 7 })
})

test('who was sent before the last heartbeat is counted in it, but for those who came just before', async () => {
  const { come, clock, stream } = newChoice([line('a', 0, 6)])
  expect(await come(4)).toEqual({ a: 4 })
  clock.now += 20_000
  expect(await come(4), 'it has told nothing since').toEqual({ a: 2, R: 2 })
  clock.now += 5000
  stream.copies = [{ ...line('a', 4, 6), heardAt: new Date(clock.now) }]
  expect(await come(1), 'two of the six are not in it yet').toEqual({ R: 1 })
  clock.now += 6000
  stream.copies = [{ ...line('a', 4, 6), heardAt: new Date(clock.now) }]
  expect(await come(4), 'two of the six have gone').toEqual({ a: 2, R: 2 })
})

test('one household cannot take all the room there is by asking again and again', async () => {
  const { come, choice } = newChoice([line('a', 0, 8)], { relayMegabits: 20 })
  for (let each = 0; each < 50; each += 1) {
    await choice.begin('golive', viewingOf({ viewer: `again-${each}` }))
    const ticket = { viewer: 'v', session: SESSION, six: false, has: ['relay'] }
    await choice.steer('golive', { ticket, present: 'relay', exclude: [], seen: viewingOf() })
  }
  expect(await come(11)).toEqual({ a: 4, R: 6, '-': 1 })
})

test('of a node that tells no load nothing is known', async () => {
  const { load: _, ...untold } = line('a', 0, 6)
  const { come } = newChoice([untold])
  expect(await come(50)).toEqual({ a: 50 })
})

test('the relay carries those who say that they play there, for as long as they say so', async () => {
  const { come, steer, clock } = newChoice([line('a', 6, 6)], { relayMegabits: 20 })
  await steer(7, 'relay')
  expect(await come(5)).toEqual({ R: 3, '-': 2 })
  clock.now += 13_000
  expect(await come(1)).toEqual({ R: 1 })
})

test('players that leave a node which is being emptied fill another only as far as it has room', async () => {
  const from: Copy = { ...line('b', 40, 50), standing: 'draining' }
  const { steer, come } = newChoice([line('a', 0, 6), from], { relayMegabits: 2000 })
  await steer(40, from.at?.pathway ?? '')
  expect(await come(1)).toEqual({ R: 1 })
})

test('a viewer takes what the best rendition does', () => {
  expect(viewerCost(TRACKS)).toBe(COST)
  expect(viewerCost({ renditions: [{ id: 'v', codecs: 'c', bandwidth: 9, averageBandwidth: 0 }] })).toBe(9)
  expect(viewerCost({ renditions: [] })).toBe(0)
})

test('nothing is kept for ever', () => {
  let at = START
  const sent = recentlySent(() => at)
  sent.add(nodeIdOf('a'), COST)
  expect(sent.since(nodeIdOf('a'), 0)).toEqual({ viewers: 1, bitsPerSecond: COST })
  at += 92_000
  expect(sent.since(nodeIdOf('a'), 0)).toEqual({ viewers: 0, bitsPerSecond: 0 })
  expect(sent.since('relay', 0)).toEqual({ viewers: 0, bitsPerSecond: 0 })
})
