import { describe } from '../shared/runtime/log.ts'
import { fleetRows } from '../tests/failover/fleet-rows.ts'
import { tableRow } from '../tests/failover/measured.ts'
import { type Row, runRow } from '../tests/failover/rows.ts'
import { type Stage, setStage } from '../tests/failover/stage.ts'
import { viewerRows } from '../tests/failover/viewer-rows.ts'
import type { Bench } from './bench-options.ts'
import { markdownTable } from './markdown-table.ts'

/** What viewers notice when something fails, in a lab: the rows that tests/deep/failover.test.ts holds. */
export async function measureFailover({ say }: Pick<Bench, 'say'>): Promise<void> {
  const stage = await setStage(3)
  try {
    say(`${await stage.publish()} rungs and audio; freezes are the longest time without a new picture.\n`)
    const rows: string[][] = []
    for (const row of [...viewerRows, ...fleetRows]) {
      const measured = await measureRow(stage, row)
      say(measured.join('  '))
      rows.push(measured)
    }
    for (const line of ['', ...markdownTable(['event', 'measured', 'goal'], rows)]) say(line)
  } finally {
    await stage.stop()
  }
}

/** One that cannot be measured takes nothing from the others. */
const measureRow = (stage: Stage, row: Row): Promise<string[]> =>
  runRow(stage, row).then(tableRow, (error: unknown) => [row.name, `not measured: ${reasonOf(error)}`, ''])

function reasonOf(error: unknown): string {
  const why = error instanceof Error && error.cause !== undefined ? `: ${describe(error.cause)}` : ''
  return `${describe(error)}${why}`
}
