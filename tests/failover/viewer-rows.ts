import { sleep } from '../../shared/runtime/repeat.ts'
import { MIRROR, ORIGIN } from './ask-lab.ts'
import type { Audience } from './gather-viewers.ts'
import type { Measured, Outcome } from './measured.ts'
import type { Row, Seen } from './rows.ts'
import type { Stage } from './stage.ts'

/** Steering tells players every ten seconds, give or take two; and hls.js goes over at a segment's end. */
const STEERED_MS = 25_000
/** Shorter than a node that is away is let hold its place: its standing is the same afterwards, for the next row. */
const OBSERVED_MS = 12_000
/** So long before something happens nothing did. */
const CALM_MS = 4000
const NODE = (n: number) => `node-${n}`

/** What viewers notice while something happens to the node that they watch from. */
export const viewerRows: Row[] = [
  {
    name: 'only node’s nginx restarts',
    needsMirror: false,
    async run(stage) {
      const seen = await deed(stage, NODE(ORIGIN), [`kill ${ORIGIN} nginx`, `start ${ORIGIN} nginx`])
      if (!seen) return nobodyAt(ORIGIN)
      return { measured: freezes(seen, { low: 3, live: 3 }), outcomes: [seen.playsOn] }
    },
  },
  {
    name: 'prefix renumbered, planned: the old one deprecated, then gone',
    needsMirror: false,
    run: (stage) => renumber(stage, ORIGIN, 'planned', { low: 0, live: 0 }),
  },
  {
    name: 'prefix renumbered, unplanned: the old one just ends',
    needsMirror: true,
    run: (stage) => renumber(stage, MIRROR, 'flash', { low: 3, live: 0 }),
  },
  {
    name: 'serving mirror killed',
    needsMirror: true,
    async run(stage) {
      const seen = await deed(stage, NODE(MIRROR), [`kill ${MIRROR}`])
      if (!seen) return nobodyAt(MIRROR)
      return { measured: freezes(seen, { low: 1.5, live: 0 }), outcomes: [seen.playsOn, seen.elsewhere] }
    },
  },
  {
    name: 'serving mirror blackholed',
    needsMirror: true,
    async run(stage) {
      const seen = await deed(stage, NODE(MIRROR), [`blackhole ${MIRROR}`])
      if (!seen) return nobodyAt(MIRROR)
      const moved = [
        { what: 'low latency on the other node', seconds: seen.movedLow, most: 8 },
        { what: 'live on the other node', seconds: seen.movedLive, most: 8 },
      ]
      return { measured: [...freezes(seen, { low: 1.5, live: 0 }), ...moved], outcomes: [seen.playsOn] }
    },
  },
  {
    name: 'the viewer alone loses his way to the node',
    needsMirror: false,
    async run(stage) {
      const seen = await deed(stage, NODE(ORIGIN), [`cut ${ORIGIN} viewer-6`])
      if (!seen) return nobodyAt(ORIGIN)
      const moved = [{ what: 'low latency on another way', seconds: seen.movedLow, most: 8 }]
      return { measured: [...freezes(seen, { low: 1.5, live: 0 }), ...moved], outcomes: [seen.playsOn] }
    },
  },
]

type Deed = {
  low: number
  live: number
  calmLow: number
  calmLive: number
  movedLow: number
  movedLive: number
  playsOn: Outcome
  elsewhere: Outcome
}

/** Two viewers at a place, verbs at a moment, and what had become of the two a while later. */
async function deed(stage: Stage, place: string, verbs: string[]): Promise<Deed | undefined> {
  const audience = await stage.gather(place)
  if (!audience) return undefined
  const at = Date.now()
  for (const verb of verbs) await stage.does(verb)
  await sleep(at + OBSERVED_MS - Date.now())
  return whatBecame(stage, audience, at)
}

async function whatBecame(stage: Stage, { low, buffered, host }: Audience, at: number): Promise<Deed> {
  const until = Date.now()
  const [movedLow, movedLive] = [
    await stage.movedAfter(low, host, at),
    await stage.movedAfter(buffered, host, at),
  ]
  const standing = await Promise.all([low, buffered].map((each) => stage.frozen(each, until - 1000)))
  return {
    low: await stage.frozen(low, at, until),
    live: await stage.frozen(buffered, at, until),
    calmLow: await stage.frozen(low, at - CALM_MS, at),
    calmLive: await stage.frozen(buffered, at - CALM_MS, at),
    ...{ movedLow, movedLive },
    playsOn: { what: 'both play on by themselves', is: standing.every((seconds) => seconds < 1) },
    elsewhere: { what: 'both play from the other node', is: Number.isFinite(movedLow + movedLive) },
  }
}

const freezes = (seen: Deed, most: { low: number; live: number }): Measured[] => [
  { what: 'low latency freezes for', seconds: seen.low, calm: seen.calmLow, most: most.low },
  { what: 'live freezes for', seconds: seen.live, calm: seen.calmLive, most: most.live },
]

async function renumber(
  stage: Stage,
  n: number,
  how: 'planned' | 'flash',
  most: { low: number; live: number },
): Promise<Seen> {
  const audience = await stage.gather(NODE(n))
  if (!audience) return nobodyAt(n)
  const [kernel, told] = [stage.kernelAddresses(n), stage.locations()]
  try {
    const at = Date.now()
    const address = newAddress(await stage.says(`renumber ${n} ${how}`))
    await sleep(at + STEERED_MS - Date.now())
    if (how === 'planned') await stage.does(`renumber ${n} gone`)
    if (how === 'planned') await sleep(OBSERVED_MS)
    const seen = await whatBecame(stage, audience, at)
    const knew = kernel.firstAt((line) => line.includes(address) && !line.includes('tentative'), at)
    const registered = told.firstAt((line) => line.includes(`[${address}]`), at)
    const seconds = ((registered ?? Number.NaN) - (knew ?? Number.NaN)) / 1000
    const registering = { what: 'registered after the kernel knows', seconds, most: 2 }
    return { measured: [registering, ...freezes(seen, most)], outcomes: [seen.playsOn, seen.elsewhere] }
  } finally {
    kernel.stop()
    told.stop()
    if (how === 'flash') await stage.does(`renumber ${n} gone`)
  }
}

/** The address that the verb names first. */
export const newAddress = (said: string) => /2a10:[0-9a-f:]+/.exec(said)?.[0] ?? said

const nobodyAt = (n: number): Seen => ({
  skipped: `no viewer is sent to node ${n}, however often he opens the page`,
  measured: [],
  outcomes: [],
})
