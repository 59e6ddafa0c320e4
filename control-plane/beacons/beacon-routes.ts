import { Beacon } from '@sixcast/shared/contract/beacon.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { householdLimit } from '../addresses/household-limit.ts'
import { sourceAddress } from '../addresses/source-address.ts'
import { describeAnswers } from '../describe-answers.ts'
import type { FleetSnapshot, Snapshot } from '../steering/fleet-snapshot.ts'
import { RELAY } from '../steering/pathway-id.ts'
import type { BeaconKeeper } from './keep-beacons.ts'
import { type Worth, witnesses } from './witnesses.ts'

type Dependencies = {
  beacons: Pick<BeaconKeeper, 'count'>
  fleet: Pick<FleetSnapshot, 'lastKnown'>
  /** Viewers say that they have lost this node: it should be looked at now, or not be let out of sight. */
  lost: (nodeId: string, worth: Exclude<Worth, 'nothing'>) => void
  limit?: ReturnType<typeof householdLimit>
  weighing?: ReturnType<typeof witnesses>
}

const LONGEST_TEXT = 1000
/** Of a household: many viewers behind one IPv4 address of a provider, each with a few things to tell. */
const RULES = { perHousehold: 60, overall: 12_000, perMs: 60_000 }

/** What players tell of themselves. It is counted, and may have a node looked at; it decides nothing. */
export const beaconRoutes = ({
  beacons,
  fleet,
  lost,
  limit = householdLimit(RULES),
  weighing = witnesses(),
}: Dependencies) =>
  new Hono()
    .use('/beacon', cors({ origin: '*', allowMethods: ['POST'] }))
    .post('/beacon', describe, async (c) => {
      const source = sourceAddress(c)
      if (!limit.admits(source)) throw new Problem('too-many', 'So many beacons are not heard.')
      const beacon = read(await c.req.text())
      const way = wayOf(beacon, await fleet.lastKnown())
      if (!way) return c.body(null, 204) // of a session that is over, perhaps: nobody is to blame
      weighing.heard(source)
      beacons.count(beacon, new Date())
      if (beacon.what === 'failure' && way.nodeId !== undefined) {
        const worth = weighing.lost(way.nodeId, source)
        if (worth !== 'nothing') lost(way.nodeId, worth)
      }
      return c.body(null, 204)
    })

function read(text: string): Beacon {
  const beacon = Beacon.safeParse(parsed(text.slice(0, LONGEST_TEXT)))
  if (beacon.success) return beacon.data
  throw new Problem('bad-request', issuesSentence(beacon.error.issues, 'The beacon'))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem('bad-request', `The beacon must be JSON of at most ${LONGEST_TEXT} characters.`)
  }
}

/** Only ways that there are: nobody can have us count, or look at, anything else. The relay has no node. */
function wayOf(
  { stream, session, pathway }: Beacon,
  fleet: Snapshot | undefined,
): { nodeId?: string } | undefined {
  const known = fleet?.streams.get(stream)
  if (!known || (session && session !== known.session)) return undefined
  const copy = known.copies.find(({ at, other }) => [at, other?.at].some((each) => each?.pathway === pathway))
  if (copy) return { nodeId: copy.node.id }
  return pathway === RELAY ? {} : undefined
}

const describe = describeAnswers({
  summary:
    'What a player met with: `{"what": "join" | "stall" | "failure" | "watched", "stream", "pathway", …}` as plain text, as navigator.sendBeacon sends it',
  tag: 'public',
  ok: 'nothing',
  problems: ['bad-request', 'too-large', 'too-many'],
})
