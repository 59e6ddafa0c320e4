import { askWays } from './ask-ways.ts'
import type { Lost } from './engine.ts'
import type { HlsWays } from './hls-ways.ts'
import { dueAgain, judgeRound, preferred, type Spared, sparedOf, spareNow } from './pathway-watch.ts'

const EVERY_MS = 1000
/** A way that has just answered shows that the viewer's own line is up. */
const SHOWS_MS = 3000

type Dependencies = {
  /** The viewer wants it to play. */
  wanted: () => boolean
  lost: (lost: Lost) => void
  /** There is no way of its own out of this. */
  failed: () => void
}

/** Asks the present way once a second whether it is there, and takes another as soon as it is not. What follows from the answers, pathway-watch.ts decides. */
export function watchWays({ wanted, lost, failed }: Dependencies) {
  let spared: Spared = new Map()
  let ways: HlsWays | undefined
  let answeredAt = Number.NEGATIVE_INFINITY
  const stumbled = new Set<string>()
  let wake = () => {}

  async function look(watched: HlsWays) {
    const present = watched.present()
    const order = watched.order()
    if (!present || order.length < 2 || !wanted() || !navigator.onLine) return
    const [arrivals, tripped] = [watched.arrivals(), [...stumbled]]
    const results = await askWays({
      present,
      others: order.filter((pathway) => pathway !== present),
      again: [...dueAgain(spared, performance.now()), ...tripped].filter((pathway) => pathway !== present),
      urlOf: watched.pingUrl,
      arrived: () => watched.arrivals() > arrivals,
    })
    for (const pathway of tripped) stumbled.delete(pathway)
    if (ways !== watched || !navigator.onLine) return
    if ([...results.values()].includes('answered')) answeredAt = performance.now()
    // hls.js may have left it by itself meanwhile: then nothing is to be done but to spare it.
    const round = { now: performance.now(), present: watched.present() ?? present, order, results }
    const [next, verdict] = judgeRound(spared, round)
    spared = next
    for (const each of verdict.lost) lost(each)
    if (verdict.moveTo && !watched.take([verdict.moveTo, ...besides(order, verdict.moveTo)])) failed()
  }

  const besides = (order: string[], first: string) =>
    preferred(order, spared).filter((pathway) => pathway !== first)

  async function keepLooking() {
    for (;;) {
      const pause = rest()
      if (ways) await look(ways).catch(console.error)
      await pause
    }
  }

  /** Until the next second, or until something has stumbled. */
  const rest = () =>
    new Promise<void>((resolve) => {
      wake = resolve
      setTimeout(resolve, EVERY_MS)
    })

  void keepLooking()

  return {
    follow(next: HlsWays) {
      ways = next
      stumbled.clear()
    },
    prefer: (order: string[]) => preferred(order, spared),
    spared: () => sparedOf(spared),
    stumbled(pathway: string) {
      stumbled.add(pathway)
      wake()
    },
    /** hls.js cannot go on, though the line is up: what it played from is spared when it begins anew. */
    gaveUp() {
      const present = ways?.present()
      if (!present || performance.now() - answeredAt > SHOWS_MS) return
      spared = spareNow(spared, present, performance.now())
      lost({ pathway: present, how: 'error' })
    },
  }
}
