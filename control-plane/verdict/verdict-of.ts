import { addressCaseWords } from '@sixcast/shared/contract/address-case.ts'
import type { Verdict, VerdictStep } from '@sixcast/shared/contract/verdict.ts'
import { familyOf } from '../addresses/addresses.ts'
import { elapsed } from '../look/elapsed.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { uploadStep } from './upload-step.ts'

type Probe = NodeView['reachable'][number]

/** A first try may fail because something is just being started. */
const SETTLING_MS = 15_000

/** What an installer wants to know of a node: will viewers outside reach it, and if not, why, and what is to be done? */
export function verdictOf(node: NodeView, now: Date): Verdict {
  const probes = probeSteps(node)
  const steps = [
    addressStep(node, now),
    notYet('name'),
    notYet('certificate'),
    ...probes,
    uploadStep(node, probes, now),
    ...segmentSteps(node, probes, now),
  ]
  return { nodeId: node.id, name: node.name, is: sumOf(steps), steps }
}

function sumOf(steps: VerdictStep[]): Verdict['is'] {
  const has = (word: VerdictStep['is']) => steps.some(({ is }) => is === word)
  return has('failed') ? 'failed' : has('waiting') ? 'waiting' : 'passed'
}

const notYet = (step: string): VerdictStep => ({ step, is: 'skipped', cause: 'Not in this release.' })

function addressStep(node: NodeView, now: Date): VerdictStep {
  const { revokedAt, alive, claimed, otherAddress, heardAt, enrolledAt, quarantinedUntil, addressCase } = node
  const failed = (cause: string, remedy: string): VerdictStep => ({
    step: 'address',
    is: 'failed',
    cause,
    remedy,
  })
  if (revokedAt) return failed('The node is revoked.', 'Its machine can enrol anew, with a new claim.')
  if (!alive)
    return {
      step: 'address',
      is: 'waiting',
      cause: `It was enrolled ${elapsed(enrolledAt, now)} ago and has not been heard since.`,
    }
  if (!alive.is)
    return failed(
      `It has been silent for ${elapsed(heardAt ?? alive.since, now)}.`,
      'See whether it has power and a network, and whether its agent runs.',
    )
  if (quarantinedUntil)
    return failed(
      'It is in quarantine: more than one machine speaks with its key.',
      'Switch the copy off; or revoke the node, and enrol each machine with a claim of its own.',
    )
  if (claimed !== undefined)
    return {
      step: 'address',
      is: 'passed',
      found: `It asks for its viewers at ${[claimed, ...(otherAddress ? [otherAddress] : [])].join(' and at ')}.`,
    }
  const words = addressCase && addressCaseWords[addressCase]
  const cause = words?.trouble
    ? `It ${words.what}.`
    : 'It names no address at which viewers outside could reach it.'
  if (now.getTime() - alive.since.getTime() < SETTLING_MS) return { step: 'address', is: 'waiting', cause }
  return failed(cause, words?.trouble ? words.remedy : 'It needs a global IPv6 or a public IPv4 address.')
}

/** One for each address family that it was asked over. */
function probeSteps(node: NodeView): VerdictStep[] {
  if (!isJudged(node)) return [{ step: 'probe', is: 'skipped', cause: 'The address comes first.' }]
  if (node.reachable.length === 0)
    return [{ step: 'probe', is: 'waiting', cause: 'It is being asked from outside for the first time.' }]
  return node.reachable.map((probe) => probeStep(probe, node))
}

/** Who is silent or cannot be found is not asked. */
const isJudged = ({ revokedAt, alive, claimed, quarantinedUntil }: NodeView) =>
  !revokedAt && !quarantinedUntil && alive?.is === true && claimed !== undefined

function probeStep(
  { family, is, since, cause, remedy }: Probe,
  { claimed, otherAddress, standings = [] }: NodeView,
): VerdictStep {
  const step = { step: 'probe', family, since: since.toISOString() }
  const isOther = otherAddress !== undefined && familyOf(otherAddress) === family
  const address = isOther ? otherAddress : claimed
  if (is) return { ...step, is: 'passed', found: `It answers at ${address} and signs with its own key.` }
  // A gift besides: nobody waits in vain.
  if (isOther)
    return {
      ...step,
      is: 'skipped',
      cause: `${cause ?? 'Not found there.'} Viewers who have only IPv${family} get there through the relay.`,
    }
  const state = standings.find((standing) => standing.family === family)?.state
  const inDoubt = state === 'pending' || state === 'suspect'
  return {
    ...step,
    is: inDoubt ? 'waiting' : 'failed',
    ...(cause !== undefined && { cause }),
    ...(remedy !== undefined && !inDoubt && { remedy }),
  }
}

function segmentSteps(node: NodeView, probes: VerdictStep[], now: Date): VerdictStep[] {
  const skipped = (cause: string): VerdictStep[] => [{ step: 'segment', is: 'skipped', cause }]
  const passed = probes.filter(({ is }) => is === 'passed')
  if (passed.length === 0) return skipped('The probe comes first.')
  if (node.streams.length === 0)
    return skipped('Nothing is live on it. Once a stream is, a segment of it is fetched from outside.')
  return passed.map(({ family }) => segmentStep(node, family, now))
}

function segmentStep(
  { segments = [], streams }: NodeView,
  family: 4 | 6 | undefined,
  now: Date,
): VerdictStep {
  const fact = segments.find((each) => each.family === family && streams.includes(each.stream))
  const step = { step: 'segment', ...(family && { family }) }
  if (!fact) return { ...step, is: 'waiting', cause: 'One is being fetched from outside.' }
  const { is, since, stream, bytes = 0, milliseconds = 0 } = fact
  const dated = { ...step, since: since.toISOString() }
  if (is)
    return {
      ...dated,
      is: 'passed',
      found: `One of ${stream} came: ${Math.ceil(bytes / 1000)} KB in ${milliseconds} ms.`,
    }
  const cause = fact.cause ?? `None of ${stream} came.`
  if (now.getTime() - since.getTime() < SETTLING_MS) return { ...dated, is: 'waiting', cause }
  const remedy = 'See whether its media runs, and whether its line is full.'
  return { ...dated, is: 'failed', cause, remedy }
}
