import { fleetRows } from '../tests/failover/fleet-rows.ts'
import { tableRow } from '../tests/failover/measured.ts'
import { runRow } from '../tests/failover/rows.ts'
import { setStage } from '../tests/failover/stage.ts'
import { viewerRows } from '../tests/failover/viewer-rows.ts'
import type { Bench } from './bench-options.ts'
import { markdownTable } from './markdown-table.ts'

/** What viewers notice when something fails, in a lab: the rows that tests/deep/failover.test.ts holds. */
export async function measureFailover({ say }: Pick<Bench, 'say'>): Promise<void> {
  const stage = await setStage(3)
  try {
    say(`${await stage.publish()} rungs and audio; freezes are the longest time without a new picture.\n`)
    const rows: string[][] = []
    for (const row of [...viewerRows, ...fleetRows]) rows.push(tableRow(await runRow(stage, row)))
    for (const line of markdownTable(['event', 'measured', 'goal'], rows)) say(line)
  } finally {
    await stage.stop()
  }
}
