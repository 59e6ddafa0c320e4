import { SERVICES, type ServiceWord, serviceWord } from '../limits/node-service.ts'
import { elapsed } from '../look/elapsed.ts'
import type { NodeView } from './node-view.ts'

type Probe = NodeView['reachable'][number]

/** Whether a node can do its work, in the words of the console and of the command line. */
export function nodeState({ revokedAt, alive, quarantinedUntil }: NodeView) {
  if (revokedAt) return 'retired'
  if (!alive) return 'not heard yet'
  if (!alive.is) return 'silent'
  return quarantinedUntil ? 'quarantined' : 'alive'
}

/** What it is to viewers and operators over a family, or over the only one it has. */
export const nodeService = (node: NodeView, standing = node.standings?.[0]): ServiceWord =>
  serviceWord({
    retired: node.revokedAt !== undefined,
    quarantined: node.quarantinedUntil !== undefined,
    duty: node.duty?.is,
    standing: standing?.state,
  })

/** Whether an operator wants to hear of its troubles: not of a node that he works on, or has taken out. */
export const isMinded = (node: NodeView) => SERVICES[nodeService(node)].alarms

/** Only who is alive is probed: of others the last answer is told, and how old it is. */
export const isProbed = (node: NodeView) => nodeState(node) === 'alive'

export const probeFound = (probe: Probe, node: NodeView) =>
  `${familyName(probe)} ${isProbed(node) ? '' : 'was '}${probe.is ? 'reachable' : 'unreachable'}`

/** As it stands in one line of text. */
export const probeSentence = (probe: Probe, node: NodeView, now: Date) =>
  `${probeFound(probe, node)}${isProbed(node) ? '' : ` ${elapsed(probe.checkedAt, now)} ago`}`

export const familyName = ({ family }: { family: 4 | 6 }) => `IPv${family}`
