import { sleep } from '../shared/runtime/repeat.ts'
import type { LoadedFleet } from './loaded-fleet.ts'
import { markdownTable } from './markdown-table.ts'

const [SEEN_WITHIN_MS, BACK_WITHIN_MS] = [150_000, 120_000]
const LOOK_EVERY_MS = 1000

/** A tenth of the fleet fails at once, and comes back: half of it is cut off but beats, the other half is without power. */
export async function measureFailing(fleet: LoadedFleet, say: (line: string) => void): Promise<void> {
  const places = Array.from({ length: fleet.size() }, (_, at) => at)
  const cutOff = places.filter((at) => at % 20 === 0)
  const dead = places.filter((at) => at % 20 === 10)
  await fleet.befall(cutOff, 'cut off')
  await fleet.befall(dead, 'dead')
  const failed = await watch(fleet, SEEN_WITHIN_MS, cutOff.length)
  await fleet.befall([...cutOff, ...dead], 'well')
  const back = await watch(fleet, BACK_WITHIN_MS, 0)
  const incidents = await fleet.db.selectFrom('incident').selectAll().execute()
  const head = [`${cutOff.length + dead.length} of ${fleet.size()} nodes fail at once`, 'measured', 'goal']
  const rows = [
    [
      `the first half of them (${cutOff.length}, cut off: they beat) known to be down`,
      seconds(failed.halfAfterMs),
      '≤ 45 s',
    ],
    [
      'each seen as what it is: unreachable, or offline once its lease is over',
      seconds(failed.allAfterMs),
      'all',
    ],
    ['of the others taken from viewers', String(failed.wronged), '0'],
    ['heartbeats meanwhile, p99', `${failed.p99.toFixed(1)} ms`, '≤ 50 ms'],
    ['all healthy after they came back', seconds(back.allAfterMs), 'all'],
    ['of the others taken from viewers', String(back.wronged), '0'],
    ['heartbeats meanwhile, p99', `${back.p99.toFixed(1)} ms`, '≤ 50 ms'],
    ['times that the guard held nodes from falling', String(incidents.length), '0'],
  ]
  for (const line of markdownTable(head, rows)) say(line)
}

/** Until all is seen as it is, or for as long as that may take; and how the heartbeats fared in the first 30 s. */
async function watch(fleet: LoadedFleet, withinMs: number, half: number) {
  const startedAt = Date.now()
  const tally = fleet.tally(30)
  let [halfAfterMs, allAfterMs, wronged] = [Number.NaN, Number.NaN, 0]
  for (let ms = 0; ms < withinMs && Number.isNaN(allAfterMs); ms = Date.now() - startedAt) {
    await sleep(LOOK_EVERY_MS)
    const judged = await fleet.judge()
    wronged = Math.max(wronged, judged.wronged)
    const after = Date.now() - startedAt
    if (Number.isNaN(halfAfterMs) && judged.seen >= fleet.size() - half) halfAfterMs = after
    if (judged.seen === fleet.size()) allAfterMs = after
  }
  return { halfAfterMs, allAfterMs, wronged, p99: (await tally).beatMs.p99 }
}

const seconds = (ms: number) => (Number.isNaN(ms) ? 'not within the time' : `${(ms / 1000).toFixed(0)} s`)
