import type { AuthorizeRequest } from '@sixcast/shared/contract/authorize.ts'
import type { ConfigurationReport } from '@sixcast/shared/contract/configuration.ts'
import type { Heartbeat, HeartbeatReply, NodeAddress, NodeLoad } from '@sixcast/shared/contract/heartbeat.ts'
import type { KeyPair } from '@sixcast/shared/contract/identity-key.ts'
import type { CommandReport, Diagnostics } from '@sixcast/shared/contract/node-command.ts'
import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { Dispatcher } from 'undici'
import type { AgentConfig } from './agent-config.ts'
import type { AgentHealth } from './health/agent-health.ts'
import type { FleetTime } from './heartbeat/fleet-time.ts'
import { claimFile } from './identity/claim-file.ts'
import { type Applicant, enrol } from './identity/enrol.ts'
import { type Identity, keepIdentity } from './identity/identity-file.ts'
import { proveFleet } from './identity/prove-fleet.ts'
import type { RequestNumbers } from './identity/request-numbers.ts'
import { settleClaim } from './identity/settle-claim.ts'
import { watchClaim } from './identity/watch-claim.ts'
import { type Member, startMember } from './member.ts'
import type { Answer } from './requests/answer.ts'
import type { OrderedMirrors } from './streams/mirror-orders.ts'
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
    other: () => string | undefined
    others: () => string[]
    prefer: (address: string) => void
  }
  streams: { live: () => string[]; load: () => NodeLoad | undefined }
  time: FleetTime
  mirrors: OrderedMirrors
  /** What the fleet has asked of the node: where else its control plane is, above all. */
  configuration: { belongsTo: (fleet: string) => void; controlPlaneUrl: () => string | undefined }
  /** Told the answer to every accepted heartbeat. */
  news: (reply: HeartbeatReply) => void
  report: (error: unknown) => void
  log: Log
}

export type Membership = ReturnType<typeof startMembership>

/** Brings the node into a fleet by a claim, and again by a new one when the fleet no longer takes it. */
export function startMembership(dependencies: Dependencies) {
  const { config, keys, numbers, about, connections, addresses, report, log } = dependencies
  const stopping = new AbortController()
  const { settle, look } = claimsOf(dependencies)
  let member: Member | undefined
  /** By a claim, and not yet on the disk. */
  let enrolled: Identity | undefined
  /** Of the member that is. */
  let present: Identity | undefined

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

  function join(own: Identity) {
    dependencies.configuration.belongsTo(own.fleetKey)
    const controlPlaneUrl = dependencies.configuration.controlPlaneUrl() ?? own.controlPlaneUrl
    const identity = { ...own, controlPlaneUrl }
    log.info('this node is enrolled', { node: identity.nodeId, controlPlane: controlPlaneUrl })
    present = own
    member = startMember({
      identity,
      keys,
      numbers,
      sources: { ...addresses, ordered: config.claimedAddress, instead: addresses.prefer },
      compose: () => heartbeatOf(dependencies),
      async accepted(reply) {
        await settle(own)
        dependencies.news(reply)
      },
      time: dependencies.time,
      mirrors: dependencies.mirrors,
      stateDirectory: config.stateDirectory,
      log,
    })
  }

  if (dependencies.identity) join(dependencies.identity)
  const looking = repeat(LOOK_EVERY_MS, round, stopping.signal, report)

  return {
    joined,
    ...questions(() => (joined() ? member : undefined)),
    /** Why no control plane of this fleet is at `url`; undefined when there is one. */
    objectionTo: (url: string) => objectionTo(url, present, connections),
    /** The control plane is to be asked elsewhere. */
    async moved() {
      await member?.stop({ leaving: false })
      if (present && !stopping.signal.aborted) join(present)
    },
    /** Whose signature this node obeys; absent while it is in no fleet. */
    fleetKey: () => (joined() ? member?.identity.fleetKey : undefined),
    beatNow: () => member?.heartbeat.beatNow(),
    /** The node's addresses, or the way it goes out by, are others. */
    addressesChanged(what: { moved: boolean }) {
      member?.addressesChanged()
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

function claimsOf({ config, keys, about, connections, log }: Dependencies) {
  const claims = claimFile(config.claimFile)
  return {
    settle: settleClaim(claims, log),
    look: watchClaim({
      claims,
      stateDirectory: config.stateDirectory,
      enrol: (claim) => enrol(claim, { keys, ...about }, connections),
      log,
    }),
  }
}

/** What is asked of the fleet and told to it, besides heartbeats. */
function questions(present: () => Member | undefined) {
  const ask = async <Body>(question: (member: Member) => Promise<Answer<Body>>): Promise<Answer<Body>> => {
    const member = present()
    return member ? await question(member) : NOT_IN_FLEET
  }
  return {
    authorize: (request: AuthorizeRequest) => ask((member) => member.authorize(request)),
    report: (stream: StreamReport): Promise<ReportAnswer> => ask((member) => member.report(stream)),
    verdict: () => ask((member) => member.verdict()),
    verdictLink: () => ask((member) => member.verdictLink()),
    configuration: (have: number) => ask((member) => member.configuration(have)),
    commands: () => ask((member) => member.commands()),
    reportCommand: (id: string, told: CommandReport) => ask((member) => member.reportCommand(id, told)),
    sendDiagnostics: (id: string, bundle: Diagnostics) => ask((member) => member.sendDiagnostics(id, bundle)),
    reportConfiguration: (told: ConfigurationReport) => ask((member) => member.reportConfiguration(told)),
  }
}

async function objectionTo(url: string, identity: Identity | undefined, connections: Dispatcher) {
  if (!identity) return NOT_IN_FLEET.cause
  const proof = await proveFleet({ url, fleetKey: identity.fleetKey }, connections)
  if (proof.kind === 'accepted' && proof.body.proven) return undefined
  const cause = proof.kind === 'away' ? `: ${proof.cause}` : ''
  return `No control plane of this fleet answers at ${url}${cause}.`
}

function heartbeatOf({ config, about, addresses, streams }: Dependencies): Heartbeat {
  const [claimed, present] = [addresses.claimed(), streams.load()]
  return {
    release: about.release,
    hardware: about.hardware,
    instance: about.instance,
    ...(claimed !== undefined && { claimed }),
    addresses: addresses.addresses(),
    ports: config.ports,
    live: streams.live(),
    ...(present && { load: present }),
  }
}
