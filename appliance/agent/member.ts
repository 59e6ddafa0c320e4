import { AuthorizeReply, type AuthorizeRequest } from '@sixcast/shared/contract/authorize.ts'
import {
  ConfigurationReply,
  type ConfigurationReport,
  ReportHeard,
} from '@sixcast/shared/contract/configuration.ts'
import { type Heartbeat, HeartbeatReply } from '@sixcast/shared/contract/heartbeat.ts'
import type { KeyPair } from '@sixcast/shared/contract/identity-key.ts'
import {
  CommandHeard,
  type CommandReport,
  CommandsReply,
  type Diagnostics,
} from '@sixcast/shared/contract/node-command.ts'
import { OtherAddressHeard } from '@sixcast/shared/contract/other-address.ts'
import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import { Verdict } from '@sixcast/shared/contract/verdict.ts'
import { VerdictLink } from '@sixcast/shared/contract/verdict-link.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { AgentHealth } from './health/agent-health.ts'
import type { FleetTime } from './heartbeat/fleet-time.ts'
import { otherAddress } from './heartbeat/other-address.ts'
import { startHeartbeat } from './heartbeat/start-heartbeat.ts'
import type { Identity } from './identity/identity-file.ts'
import type { RequestNumbers } from './identity/request-numbers.ts'
import { startLink } from './link/start-link.ts'
import { claimedSource, type Sources } from './requests/claimed-source.ts'
import { agentOver, connectFrom } from './requests/connect-from.ts'
import { signedRequests } from './requests/signed-requests.ts'
import type { OrderedMirrors } from './streams/mirror-orders.ts'
import { HeardReply } from './streams/stream-lane.ts'

export type Member = ReturnType<typeof startMember>

/** A node's life in its fleet, from the enrolment on: it beats, keeps its link and sends what is to be signed. */
export function startMember({
  identity,
  keys,
  numbers,
  sources,
  compose,
  accepted,
  time,
  mirrors,
  stateDirectory,
  log,
}: {
  identity: Identity
  keys: KeyPair
  numbers: RequestNumbers
  sources: Sources & { other: () => string | undefined }
  compose: () => Heartbeat
  /** After every accepted heartbeat. */
  accepted: (reply: HeartbeatReply) => Promise<void>
  time: FleetTime
  mirrors: OrderedMirrors
  stateDirectory: string
  log: Log
}) {
  const source = claimedSource(sources)
  const signed = { fleet: identity, keys, numbers, log }
  const requests = signedRequests({ ...signed, source })
  const other = otherAddress({
    other: sources.other,
    say: (address) => (address === undefined ? sayOther(requests, {}) : sayFrom(address, signed)),
    log,
  })
  const link = startLink({
    nodeId: identity.nodeId,
    source: sources.claimed,
    returned: () => heartbeat.beatNow(),
    woken: () => heartbeat.beatNow(),
    log,
  })
  const heartbeat = startHeartbeat({
    async beat({ leaving, signal }) {
      source.retry()
      const message = leaving ? { ...compose(), leaving } : compose()
      const told = time.ask()
      const answer = await requests.post('/v1/heartbeat', message, {
        schema: HeartbeatReply,
        timeoutMs: leaving ? 1000 : 10_000, // whoever stops the agent waits for it
        signal,
      })
      if (answer.kind === 'accepted') told(answer.body.time)
      return answer
    },
    async accepted(reply) {
      link.useAccess(reply.mqtt)
      mirrors.told(reply.mirrors)
      void other.beaten() // nothing waits for it
      await accepted(reply)
    },
    barred() {
      link.useAccess(undefined)
      mirrors.drop()
    },
    stateDirectory,
    log,
  })

  return {
    identity,
    heartbeat,
    link,
    /** Whatever is under way may wait in vain, also when another address is claimed only once the present one leads nowhere. */
    addressesChanged() {
      source.addressesChanged()
      heartbeat.beatNow({ moved: true })
    },
    /** The fleet does not take this node: only a person can change that. */
    barred: () => heartbeat.state().name === 'barred',
    standing(): Pick<AgentHealth, 'fleet' | 'cause'> {
      const state = heartbeat.state()
      if (state.name === 'failing') return { fleet: state.name, cause: state.cause }
      return state.name === 'barred' ? { fleet: state.name, cause: state.code } : { fleet: state.name }
    },
    ...questions(requests, identity),
    async stop({ leaving }: { leaving: boolean }) {
      await Promise.all([heartbeat.stop({ leaving }), link.stop()])
      await source.close()
    },
  }
}

type Signed = Omit<Parameters<typeof signedRequests>[0], 'source'>

const OTHER = { schema: OtherAddressHeard, timeoutMs: 5000 }

const sayOther = (requests: ReturnType<typeof signedRequests>, message: { address?: string }) =>
  requests.post('/v1/other-address', message, OTHER)

async function sayFrom(address: string, signed: Signed) {
  const agent = agentOver((options) => connectFrom(options, address, { ...OTHER, orRouters: true }))
  const requests = signedRequests({ ...signed, source: { dispatcher: () => agent } })
  return await sayOther(requests, { address }).finally(() => agent.destroy())
}

/** What is asked of the fleet and told to it, besides heartbeats. */
const questions = (requests: ReturnType<typeof signedRequests>, { nodeId }: Identity) => ({
  /** An encoder waits meanwhile, and media has what it remembers. */
  authorize: (request: AuthorizeRequest) =>
    requests.post('/v1/authorize', request, { schema: AuthorizeReply, timeoutMs: 2000 }),
  report: (report: StreamReport) =>
    requests.post('/streams', report, { schema: HeardReply, timeoutMs: 5000 }),
  configuration: (have: number) =>
    requests.get(`/v1/configuration?have=${have}`, { schema: ConfigurationReply, timeoutMs: 10_000 }),
  reportConfiguration: (report: ConfigurationReport) =>
    requests.post('/v1/configuration/report', report, { schema: ReportHeard, timeoutMs: 10_000 }),
  commands: () => requests.get('/v1/commands', { schema: CommandsReply, timeoutMs: 10_000 }),
  reportCommand: (id: string, report: CommandReport) =>
    requests.post(`/v1/commands/${id}`, report, { schema: CommandHeard, timeoutMs: 10_000 }),
  sendDiagnostics: (id: string, bundle: Diagnostics) =>
    requests.post(`/v1/commands/${id}/diagnostics`, bundle, { schema: CommandHeard, timeoutMs: 60_000 }),
  verdict: () => requests.get(`/v1/nodes/${nodeId}/verdict`, { schema: Verdict, timeoutMs: 5000 }),
  verdictLink: () =>
    requests.post(`/v1/nodes/${nodeId}/verdict-link`, {}, { schema: VerdictLink, timeoutMs: 5000 }),
})
