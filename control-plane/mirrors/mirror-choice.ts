import { NodeId } from '@sixcast/shared/contract/names.ts'
import * as z from 'zod'

/** Of one stream, the origin counted. Each mirror costs the origin's line as much as a viewer of every rendition. */
export const MOST_COPIES = 5

const Copies = z
  .int('a whole number')
  .min(1, '1 is the least: the node that the stream is published to')
  .max(MOST_COPIES, `${MOST_COPIES} are the most`)

const Nodes = z
  .array(NodeId)
  .min(1, 'name at least one')
  .max(MOST_COPIES - 1, `${MOST_COPIES - 1} are the most`)
  .refine((ids) => new Set(ids).size === ids.length, 'one is named twice')

/** On how many nodes each stream is that nobody has chosen for. One is no mirror: uplinks are dear, so copies are made when somebody asks. */
export const MirrorRule = z.strictObject({ copies: Copies })
export type MirrorRule = z.infer<typeof MirrorRule>
export const NO_MIRRORS: MirrorRule = { copies: 1 }

/** What is wanted of one stream: to be on so many nodes, the origin counted, or to be copied by just these. */
export type MirrorChoice = { copies: number } | { nodes: string[] }

/** What an operator says of a stream: one of the two, or that the fleet's rule is to hold. */
export const ChosenMirrors = z
  .strictObject({ copies: Copies.optional(), nodes: Nodes.optional(), rule: z.literal(true).optional() })
  .refine((said) => Object.values(said).filter((each) => each !== undefined).length === 1, {
    message: 'Say one of copies (a number), nodes (a list of ids) and rule (true).',
  })
  .transform(({ copies, nodes }): MirrorChoice | 'rule' =>
    copies !== undefined ? { copies } : nodes ? { nodes } : 'rule',
  )
export type ChosenMirrors = z.output<typeof ChosenMirrors>

/** What operators have chosen, for the fleet and for streams. */
export type MirrorChoices = { rule: MirrorRule; ofStream: Map<string, MirrorChoice> }

export const choiceFor = ({ rule, ofStream }: MirrorChoices, stream: string): MirrorChoice =>
  ofStream.get(stream) ?? rule

/** Whether anything is to be copied at all. */
export const wantsMirrors = ({ rule, ofStream }: MirrorChoices) =>
  [rule, ...ofStream.values()].some((choice) => 'nodes' in choice || choice.copies > 1)
