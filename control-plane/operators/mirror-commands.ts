import { Problem } from '@sixcast/shared/contract/problem.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import type * as z from 'zod'
import { elapsed } from '../look/elapsed.ts'
import { ChosenMirrors, MirrorRule } from '../mirrors/mirror-choice.ts'
import type { MirrorDesk } from '../mirrors/mirror-desk.ts'
import { choiceSentence, holderState, ruleSentence } from '../mirrors/mirror-words.ts'
import type { StreamMirrors } from '../mirrors/stream-mirrors.ts'
import { alignedColumns } from './aligned-columns.ts'
import type { CommandLine } from './command-line.ts'

type Options = CommandLine['options']
type Desk = { mirrorDesk: MirrorDesk }

/** Shows which nodes have a stream; with an option, chooses them first. */
export async function streamMirrors(name: string, options: Options, { mirrorDesk }: Desk) {
  const chosen = chosenBy(options)
  if (Object.keys(chosen).length > 0) await mirrorDesk.choose(name, read(ChosenMirrors, chosen))
  const mirrors = await mirrorDesk.find(name)
  return { sentence: mirrorsText(name, mirrors, new Date()), data: { name, ...mirrors } }
}

/** Shows the rule for streams that nobody has chosen for; with an option, sets it first. */
export async function fleetMirrors({ copies }: Options, { mirrorDesk }: Desk) {
  if (copies !== undefined) await mirrorDesk.setRule(read(MirrorRule, { copies: Number(copies) }))
  const rule = await mirrorDesk.readRule()
  return { sentence: ruleSentence(rule), data: rule }
}

const chosenBy = ({ copies, nodes, rule }: Options) => ({
  ...(copies !== undefined && { copies: Number(copies) }),
  ...(nodes !== undefined && { nodes: nodes.split(',').map((id) => id.trim()) }),
  ...(rule && { rule: true }),
})

function read<Schema extends z.ZodType>(schema: Schema, said: unknown): z.output<Schema> {
  const { success, data, error } = schema.safeParse(said)
  if (success) return data
  throw new Problem('bad-request', issuesSentence(error.issues, 'The choice'))
}

function mirrorsText(name: string, mirrors: StreamMirrors, now: Date): string {
  const rows = mirrors.holders.map((holder) => [
    holder.node.name,
    holder.role,
    `${holderState(holder)} ${elapsed(holder.since, now)}`,
    holder.node.id,
  ])
  const held = alignedColumns(rows) || 'Nobody publishes it now.'
  return [choiceSentence(name, mirrors), held, ...mirrors.lacks].join('\n')
}
