import { mkdtempSync, rmSync } from 'node:fs'
import type { Fleet } from '../tests/system/start-test-fleet.ts'
import type { Bench } from './bench-options.ts'
import { measureChain } from './measure-chain.ts'
import { measureLadders } from './measure-ladders.ts'
import { measureMemory } from './measure-memory.ts'
import { measureStart } from './measure-start.ts'
import { startRestedFleet } from './start-rested-fleet.ts'
import { type Rivals, startRivals } from './start-rivals.ts'
import { stopsInTurn } from './stops-in-turn.ts'

/** What each part of it is given: a fleet without streams, and leaves it so. */
export type CostScene = { fleet: Fleet; rivals: Rivals; folder: string; seconds: number; say: Bench['say'] }

const SECONDS = 30

/** What the product takes beside what encoding itself takes, and how fast a stream can be played. */
export async function measureCost({ seconds = SECONDS, say }: Bench): Promise<void> {
  const cleanUp = stopsInTurn()
  try {
    const folder = mkdtempSync('/dev/shm/sixcast-bench-')
    cleanUp.add(async () => rmSync(folder, { recursive: true, force: true }))
    // The next stream of a name is another, with a ladder of its own, and no return of the one before.
    const fleet = await startRestedFleet({ say, env: { STALE_THRESHOLD: '1' } })
    cleanUp.add(fleet.remove)
    const rivals = await startRivals()
    cleanUp.add(rivals.stop)
    for (const measure of [measureStart, measureChain, measureLadders, measureMemory]) {
      await measure({ fleet, rivals, folder, seconds, say })
      say('')
    }
  } finally {
    await cleanUp.run()
  }
}
