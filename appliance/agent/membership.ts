import type { AuthorizeReply, AuthorizeRequest } from '@sixcast/shared/contract/authorize.ts'
import type { Heartbeat, NodeAddress, NodeLoad } from '@sixcast/shared/contract/heartbeat.ts'
import type { KeyPair } from '@sixcast/shared/contract/identity-key.ts'
import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import type { Verdict } from '@sixcast/shared/contract/verdict.ts'
import type { VerdictLink } from '@sixcast/shared/contract/verdict-link.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { Dispatcher } from 'undici'
import type { AgentConfig } from './agent-config.ts'
import type { AgentHealth } from './health/agent-health.ts'
import type { FleetTime } from './heartbeat/fleet-time.ts'
import { claimFile } from './identity/claim-file.ts'
import { type Applicant, enrol } from './identity/enrol.ts'
import { type Identity, keepIdentity } from './identity/identity-file.ts'
import type { RequestNumbers } from './identity/request-numbers.ts'
import { settleClaim } from './identity/settle-claim.ts'
import { watchClaim } from './identity/watch-claim.ts'
import { type Member, startMember } from './member.ts'
import type { Answer } from './requests/answer.ts'
import type { ReportAnswer } from './streams/stream-lane.ts'

const LOOK_EVERY_MS = 500
const NOT_IN_FLEET = { kind: 'away', cause: 'this node is not in a fleet' } as const

type Dependencies = {
  config: AgentConfig
  /** Of an earlier enrolment. */
  identity: Identity | undefined
  keys: KeyPair
  numbers: RequestNumbers
  about: Omit<Applicant, 'keys'> & { instance: string }
  connections: Dispatcher
  addresses: {
    addresses: () => NodeAddress[]
    claimed: () => string | undefined
    others: () => string[]
    prefer: (address: string) => void
  }
  /** What it says of itself. */
  media: { live: () => string[]; load: () => NodeLoad | undefined }
  time: FleetTime
  report: (error: unknown) => void
  log: Log
}

/** Brings the node into a fleet by a claim, and again by a new one when the fleet no longer takes it. */
export function startMembership(dependencies: Dependencies) {
  const { config, keys, numbers, about, connections, addresses, report, log } = dependencies
  const stopping = new AbortController()
  const claims = claimFile(config.claimFile)
  const settle = settleClaim(claims, log)
  const look = watchClaim({
    claims,
    stateDirectory: config.stateDirectory,
    enrol: (claim) => enrol(claim, { keys, ...about }, connections),
    log,
  })
  let member: Member | undefined
  /** By a claim, and not yet on the disk. */
  let enrolled: Identity | undefined

  const joined = () => member !== undefined && !member.barred()

  async function round() {
    if (joined()) return
    enrolled ??= await look()
    if (!enrolled) return
    keepIdentity(config.stateDirectory, enrolled) // on a full disk it throws, and the next round tries again
    await member?.stop({ leaving: false })
    join(enrolled)
    enrolled = undefined
  }

  function join(identity: Identity) {
    log.info('this node is enrolled', { node: identity.nodeId, controlPlane: identity.controlPlaneUrl })
    member = startMember({
      identity,
      keys,
      numbers,
      sources: { ...addresses, instead: addresses.prefer },
      compose: () => heartbeatOf(dependencies),
      accepted: () => settle(identity),
      time: dependencies.time,
      stateDirectory: config.stateDirectory,
      log,
    })
  }

  if (dependencies.identity) join(dependencies.identity)
  const looking = repeat(LOOK_EVERY_MS, round, stopping.signal, report)

  return {
    joined,
    authorize: async (request: AuthorizeRequest): Promise<Answer<AuthorizeReply>> =>
      (joined() && (await member?.authorize(request))) || NOT_IN_FLEET,
    report: async (stream: StreamReport): Promise<ReportAnswer> =>
      (joined() && (await member?.report(stream))) || NOT_IN_FLEET,
    verdictLink: async (): Promise<Answer<VerdictLink>> =>
      (joined() && (await member?.verdictLink())) || NOT_IN_FLEET,
    verdict: async (): Promise<Answer<Verdict>> => (joined() && (await member?.verdict())) || NOT_IN_FLEET,
    /** Whose signature this node obeys; absent while it is in no fleet. */
    fleetKey: () => (joined() ? member?.identity.fleetKey : undefined),
    beatNow: () => member?.heartbeat.beatNow(),
    /** The node's addresses, or the way it goes out by, are others. */
    addressesChanged(what: { moved: boolean }) {
      member?.heartbeat.beatNow(what)
      if (what.moved) member?.link.connectAnew()
    },
    beatIfFailing: () => member?.heartbeat.beatIfFailing(),
    publishMetrics: (metrics: NodeMetrics) => member?.link.publishMetrics(metrics),
    health: (): Pick<AgentHealth, 'fleet' | 'name' | 'link'> => ({
      name: member?.identity.name ?? about.name,
      link: member?.link.connected() ? 'up' : 'down',
      ...(member?.standing() ?? { fleet: 'waiting-for-claim' }),
    }),
    async stop() {
      stopping.abort()
      await looking
      await member?.stop({ leaving: true })
    },
  }
}

function heartbeatOf({ config, about, addresses, media }: Dependencies): Heartbeat {
  const [claimed, load] = [addresses.claimed(), media.load()]
  return {
    release: about.release,
    hardware: about.hardware,
    instance: about.instance,
    ...(claimed !== undefined && { claimed }),
    addresses: addresses.addresses(),
    ports: config.ports,
    live: media.live(),
    ...(load && { load }),
  }
}
