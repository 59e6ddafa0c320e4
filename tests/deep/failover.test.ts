import { afterAll, beforeAll, expect, test } from 'vitest'
import { markdownTable } from '../../bench/markdown-table.ts'
import { fleetRows } from '../failover/fleet-rows.ts'
import { tableRow, unkept } from '../failover/measured.ts'
import { runRow } from '../failover/rows.ts'
import { type Stage, setStage } from '../failover/stage.ts'
import { viewerRows } from '../failover/viewer-rows.ts'

// What viewers notice when the fleet fails, in a lab with a real browser: seconds that are promised on a machine with nothing else
// to do, and a stated slack for one that has. The rows need each other's order: falls are remembered for ten minutes.
let stage: Stage

beforeAll(async () => {
  stage = await setStage(3)
  await stage.publish()
})
afterAll(async () => await stage?.stop())

test.for([...viewerRows, ...fleetRows])('$name', async (row, { skip }) => {
  const result = await runRow(stage, row)
  for (const line of markdownTable(['event', 'measured', 'goal'], [tableRow(result)]).slice(2))
    process.stdout.write(`${line}\n`)
  if (result.skipped !== undefined) skip(result.skipped)
  expect(unkept(result)).toEqual([])
})
