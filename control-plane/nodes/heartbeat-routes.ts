import { Heartbeat, HeartbeatReply } from '@sixcast/shared/contract/heartbeat.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { canonicalAddress } from '../addresses/addresses.ts'
import { sourceAddress } from '../addresses/source-address.ts'
import { describeAnswers } from '../describe-answers.ts'
import type { Beat, LeaseRepository } from './lease-repository.ts'
import { SIGNED_PROBLEMS, type SignedEnv, type SignedRequests } from './signed-requests.ts'

export type HeartbeatNews = Pick<HeartbeatReply, 'mirrors' | 'configuration' | 'commands'>

type Dependencies = {
  leases: Pick<LeaseRepository, 'renew' | 'begin'>
  signed: SignedRequests
  rhythm: { heartbeatSeconds: number; leaseSeconds: number }
  /** What a node needs to send its metrics. */
  mqttFor: (nodeId: string) => HeartbeatReply['mqtt']
  /** The news of other rooms for this node, told with every answer. Asked by the whole fleet twice a minute: nothing slow. */
  newsFor: (nodeId: string) => HeartbeatNews
  /** Told when a node has come (back), or asks to be found elsewhere. */
  appeared: (nodeId: string) => void
  now?: () => Date
}

export const heartbeatRoutes = ({
  leases,
  signed,
  rhythm,
  mqttFor,
  newsFor,
  appeared,
  now = () => new Date(),
}: Dependencies) =>
  new Hono<SignedEnv>().post('/v1/heartbeat', describe, signed, accept('json', Heartbeat), async (c) => {
    const caller = c.get('caller')
    const heartbeat = canonical(c.req.valid('json'))
    const at = now()
    const endsAt = heartbeat.leaving ? at : new Date(at.getTime() + rhythm.leaseSeconds * 1000)
    const beat = { ...caller, heartbeat, source: sourceAddress(c), at, endsAt }
    const begun = await beginsLease(beat, leases)
    if (begun && !heartbeat.leaving) appeared(caller.nodeId)
    // Nothing live, nothing to say for half a minute: of ten thousand idle connections the memory would be full.
    if (heartbeat.live.length === 0) c.header('connection', 'close')
    const mqtt = mqttFor(caller.nodeId)
    return c.json({
      leaseSeconds: rhythm.leaseSeconds,
      nextSeconds: rhythm.heartbeatSeconds,
      time: now().toISOString(),
      ...(mqtt && { mqtt }),
      ...(!heartbeat.leaving && newsFor(caller.nodeId)),
    } satisfies HeartbeatReply)
  })

async function beginsLease(beat: Beat, leases: Dependencies['leases']): Promise<boolean> {
  if (await leases.renew(beat)) return false
  if (await leases.begin(beat)) return true
  await leases.renew(beat) // one that came at the same time has begun it between the two
  return false
}

const canonical = ({ claimed, ...heartbeat }: Heartbeat): Heartbeat =>
  claimed ? { ...heartbeat, claimed: canonicalAddress(claimed) } : heartbeat

const describe = describeAnswers({
  summary: 'Renews the lease of a node',
  tag: 'node',
  ok: HeartbeatReply,
  problems: SIGNED_PROBLEMS,
})
