import type { MirrorRule } from './mirror-choice.ts'
import { MOST_PER_NODE, type Obstacle } from './mirror-obstacle.ts'
import type { Lack } from './plan-mirrors.ts'
import type { Holder, StreamMirrors } from './stream-mirrors.ts'

/** Why there is not what is wanted, one sentence for each copy that is missing. `copies`: how many there are, the origin counted. */
export function lackSentence(lack: Lack, copies: number, nameOf: (nodeId: string) => string): string {
  if (lack.obstacles.includes('silent-origin'))
    return 'The node that the stream is published to is silent: its mirrors show what they have, and nobody else can copy it.'
  if (lack.obstacles.includes('unfound-origin'))
    return 'No probe has found the node that the stream is published to yet, so nobody can copy from it.'
  const obstacles = lack.obstacles.filter((each) => each in WORDS) as Obstacle[]
  if (lack.nodeId !== undefined) return namedSentence(nameOf(lack.nodeId), obstacles)
  const busy = obstacles.filter((each) => BUSY.includes(each)).map((each) => WORDS[each])
  const ordinal = ORDINALS[copies - 1] ?? 'other'
  return busy.length > 0
    ? `No ${ordinal} node can copy it: who stands healthy ${OR.format(busy.sort())}.`
    : `No ${ordinal} node stands healthy.`
}

const namedSentence = (name: string, [obstacle]: Obstacle[]) =>
  obstacle ? `${name} does not copy it: it ${WORDS[obstacle]}.` : `${name} does not copy it.`

const ORDINALS = ['second', 'third', 'fourth', 'fifth']
const OR = new Intl.ListFormat('en-GB', { type: 'disjunction' })

/** What keeps a node that stands healthy from it. */
const BUSY: Obstacle[] = ['reach', 'limit', 'full']

const WORDS: Record<Obstacle, string> = {
  origin: 'is the one that the stream is published to',
  revoked: 'is no part of the fleet any more',
  quarantined: 'is quarantined, because more than one machine speaks with its key',
  draining: 'is being drained',
  pending: 'has not been found by probes for long enough',
  suspect: 'is in doubt: its last probe or heartbeat failed',
  unreachable: 'cannot be reached by viewers',
  offline: 'is offline',
  silent: 'is silent',
  flapping: 'comes and goes',
  reach: 'has no address of a family in which the origin is found',
  limit: `copies ${MOST_PER_NODE} streams already, as many as it may`,
  full: 'sends as much as it may',
}

/** What is wanted of a stream. */
export function choiceSentence(stream: string, { choice, rule, named = [] }: StreamMirrors): string {
  if (choice && 'nodes' in choice)
    return `${stream} is to be copied by ${AND.format(named.map(({ name }) => name))}.`
  const { copies } = choice ?? rule
  const wanted =
    copies === 1
      ? `${stream} is only on the node that it is published to`
      : `${stream} is to be on ${copies} nodes, the one that it is published to counted`
  return choice ? `${wanted}.` : `By the fleet’s rule ${wanted}.`
}

export const ruleSentence = ({ copies }: MirrorRule) =>
  copies === 1
    ? 'A stream is only on the node that it is published to, unless something else is chosen for it.'
    : `Every stream is to be on ${copies} nodes, the one that it is published to counted, unless something else is chosen for it.`

/** What a node has of a stream. */
export const holderState = ({ role, state }: Holder): string => {
  if (state === 'ordered') return 'told to copy'
  if (state === 'waiting') return role === 'origin' ? 'encoder away' : 'waiting'
  return state
}

const AND = new Intl.ListFormat('en-GB')
