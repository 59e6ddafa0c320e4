import type { RowResult } from './measured.ts'
import type { Stage } from './stage.ts'

export type Seen = Omit<RowResult, 'name'>

/** An event that the fleet must stand, and how it is brought about and measured. */
export type Row = {
  name: string
  needsMirror: boolean
  run: (stage: Stage) => Promise<Seen>
}

/** Leaves the stage as it found it. */
export async function runRow(stage: Stage, { name, needsMirror, run }: Row): Promise<RowResult> {
  const skipped = needsMirror ? await stage.lacksMirror() : undefined
  if (skipped !== undefined) return { name, skipped, measured: [], outcomes: [] }
  await stage.settled(needsMirror ? 2 : 1)
  try {
    return { name, ...(await run(stage)) }
  } finally {
    await stage.does('leave')
    await stage.does('heal')
  }
}
