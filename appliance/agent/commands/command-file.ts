import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandReport, NodeCommand } from '@sixcast/shared/contract/node-command.ts'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import * as z from 'zod'

const KnownCommand = z.object({
  command: NodeCommand,
  /** Absent from its beginning to its end. */
  report: CommandReport.optional(),
  told: z.boolean(),
})
export type KnownCommand = z.infer<typeof KnownCommand>

/** The control plane hands a command out again for as long as it has not heard that it is begun: hardly longer than this. */
const KEPT = 50

/** What this node was told to do, on the disk before it is begun: nothing is done twice. */
export function commandFile(folder: string) {
  const path = join(folder, 'commands.json')
  let known = read(path)

  return {
    all: () => known,
    find: (id: string) => known.find(({ command }) => command.id === id),
    keep(entry: KnownCommand) {
      known = [...known.filter(({ command }) => command.id !== entry.command.id), entry].slice(-KEPT)
      writeAtomically(path, `${JSON.stringify(known)}\n`, { durable: true, mode: 0o600 })
    },
  }
}

/** A spoilt one is as none: what it held is begun no more, for the control plane has heard of it. */
function read(path: string): KnownCommand[] {
  try {
    return z.array(KnownCommand).parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return []
  }
}
