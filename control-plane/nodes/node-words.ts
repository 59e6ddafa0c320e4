import { elapsed } from '../look/elapsed.ts'
import type { NodeView } from './node-view.ts'

type Probe = NodeView['reachable'][number]

/** Whether a node can do its work, in the words of the console and of the command line. */
export function nodeState({ revokedAt, alive, quarantinedUntil }: NodeView) {
  if (revokedAt) return 'revoked'
  if (!alive) return 'not heard yet'
  if (!alive.is) return 'silent'
  return quarantinedUntil ? 'quarantined' : 'alive'
}

/** Only who is alive is probed: of others the last answer is told, and how old it is. */
export const isProbed = (node: NodeView) => nodeState(node) === 'alive'

export const probeFound = (probe: Probe, node: NodeView) =>
  `${familyName(probe)} ${isProbed(node) ? '' : 'was '}${probe.is ? 'reachable' : 'unreachable'}`

/** As it stands in one line of text. */
export const probeSentence = (probe: Probe, node: NodeView, now: Date) =>
  `${probeFound(probe, node)}${isProbed(node) ? '' : ` ${elapsed(probe.checkedAt, now)} ago`}`

export const familyName = ({ family }: { family: 4 | 6 }) => `IPv${family}`
