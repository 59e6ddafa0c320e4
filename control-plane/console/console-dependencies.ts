import type { Duty } from '@sixcast/shared/contract/configuration.ts'
import type { Problem } from '@sixcast/shared/contract/problem.ts'
import type { VerdictLink } from '@sixcast/shared/contract/verdict-link.ts'
import type { AlertDesk } from '../alerts/alert-desk.ts'
import type { ChannelDesk } from '../alerts/channel-desk.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import type { BeaconCount } from '../beacons/beacon-count.ts'
import type { Commands } from '../commands/commands.ts'
import type { Configurations } from '../configuration/configurations.ts'
import type { ClaimView } from '../enrolment/claim-view.ts'
import type { HappeningRepository } from '../happenings/happening-repository.ts'
import type { HistoryRepository } from '../history/history-repository.ts'
import type { PartitionRepository } from '../history/partition-repository.ts'
import type { ChosenMirrors } from '../mirrors/mirror-choice.ts'
import type { StreamMirrors } from '../mirrors/stream-mirrors.ts'
import type { NodeBrief } from '../nodes/node-brief.ts'
import type { NodeView } from '../nodes/node-view.ts'
import type { ApiTokens } from '../operators/api-tokens.ts'
import type { OperatorAccounts } from '../operators/operator-accounts.ts'
import type { OperatorLogin } from '../operators/operator-login.ts'
import type { PullDesk } from '../pulling/pull-desk.ts'
import type { Incident } from '../reachability/incident.ts'
import type { PathwayChoice } from '../steering/pathway-choice.ts'
import type { NewStream } from '../streams/new-stream.ts'
import type { StreamListing } from '../streams/stream-listing.ts'
import type { SeenStream } from '../streams/stream-sight-repository.ts'
import type { StreamView } from '../streams/stream-view.ts'

/** What the console shows and what an operator can do in it. */
export type ConsoleDependencies = {
  nodeBriefs: { list: () => Promise<NodeBrief[]> }
  nodeViews: {
    find: (id: string) => Promise<NodeView | undefined>
    findEach: (ids: string[]) => Promise<NodeView[]>
  }
  history: Pick<HistoryRepository, 'read' | 'rolledUpTo'>
  partitions: Pick<PartitionRepository, 'sizes'>
  pullDesk: PullDesk
  incidents: { listOpen: () => Promise<Incident[]> }
  experiences: { listSince: (at: Date) => Promise<BeaconCount[]> }
  choice: Pick<PathwayChoice, 'explain'>
  streamSights: { of: (stream: string) => Promise<SeenStream[]> }
  streamViews: { list: () => Promise<StreamView[]> }
  fleetRegister: { revokeNode: (id: string) => Promise<void> }
  verdictLinks: {
    makeLink: (nodeId: string, maker: 'operator') => Promise<VerdictLink>
    revokeLinks: (nodeId: string) => Promise<void>
  }
  /** Measured anew within ten seconds or so. */
  lines: { wantAgain: (nodeId: string) => Promise<unknown> }
  limits: { setDuty: (id: string, duty: Duty) => Promise<unknown> }
  enrolment: {
    createClaim: (order: { hours: number }) => Promise<{ claim: string; expiresAt: Date }>
    listClaims: () => Promise<ClaimView[]>
    revokeClaim: (id: string) => Promise<void>
  }
  streamCatalog: {
    addStream: (stream: NewStream) => Promise<void>
    describeStream: (name: string, said: StreamListing) => Promise<void>
    createKey: (streamName: string) => Promise<{ secret: string }>
    rotateKeys: (streamName: string) => Promise<{ secret: string }>
    listKeys: (streamName: string) => Promise<StreamKey[]>
    revokeKey: (streamName: string, keyId: string) => Promise<void>
  }
  streamPosters: {
    setPoster: (streamName: string, bytes: Buffer) => Promise<void>
    removePoster: (streamName: string) => Promise<void>
  }
  mirrorDesk: {
    read: () => Promise<(stream: string) => StreamMirrors>
    choose: (stream: string, chosen: ChosenMirrors) => Promise<void>
  }
  configurations: Pick<Configurations, 'read' | 'save' | 'rollBack'>
  commands: Pick<Commands, 'ask' | 'list'>
  audit: Pick<AuditTrail, 'read' | 'readOf'>
  happeningRows: Pick<HappeningRepository, 'listBefore' | 'listBetween'>
  accounts: Omit<OperatorAccounts, 'login' | 'logout' | 'findSession' | 'changePassword'>
  apiTokens: Omit<ApiTokens, 'useToken'>
  alertDesk: AlertDesk
  channelDesk: ChannelDesk
  login: OperatorLogin
  /** Told what no page can mend. */
  report: (error: unknown) => void
  /** Names the failures that pass by themselves (a lost database). */
  recognise: (error: unknown) => Problem | undefined
  readEveryMs?: number
  now?: () => Date
}

export type StreamKey = { id: string; createdAt: Date; revokedAt?: Date }
