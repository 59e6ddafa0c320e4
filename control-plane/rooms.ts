import type { KeyPair } from '@sixcast/shared/contract/identity-key.ts'
import { alertChoiceRepository } from './alerts/alert-choice-repository.ts'
import { alertDesk } from './alerts/alert-desk.ts'
import { alertRepository } from './alerts/alert-repository.ts'
import { channelDesk } from './alerts/channel-desk.ts'
import { channelRepository } from './alerts/channel-repository.ts'
import { encoderSpeedRepository } from './alerts/encoder-speed-repository.ts'
import { messageRepository } from './alerts/message-repository.ts'
import { nodeHealthRepository } from './alerts/node-health-repository.ts'
import type { MailServer } from './alerts/send-mail.ts'
import { presentActor } from './audit/actor.ts'
import { auditRepository } from './audit/audit-repository.ts'
import { auditTrail } from './audit/audit-trail.ts'
import { auditedDeeds } from './audited-deeds.ts'
import { beaconRepository } from './beacons/beacon-repository.ts'
import { commandRepository } from './commands/command-repository.ts'
import { commands } from './commands/commands.ts'
import { diagnosticsRepository } from './commands/diagnostics-repository.ts'
import { configurationRepository } from './configuration/configuration-repository.ts'
import { configurations } from './configuration/configurations.ts'
import type { Database } from './database/database.ts'
import { claimRepository } from './enrolment/claim-repository.ts'
import { enrolment } from './enrolment/enrolment.ts'
import { loadFleetKey } from './enrolment/fleet-key-repository.ts'
import { happeningRepository } from './happenings/happening-repository.ts'
import { healthRepository } from './health/health-repository.ts'
import { historyRepository } from './history/history-repository.ts'
import { partitionRepository } from './history/partition-repository.ts'
import { limitRepository } from './limits/limit-repository.ts'
import { nodeLimits } from './limits/node-limits.ts'
import { metricsRepository } from './link/metrics-repository.ts'
import { mirrorChoiceRepository } from './mirrors/mirror-choice-repository.ts'
import { mirrorDesk } from './mirrors/mirror-desk.ts'
import { mirrorFactRepository } from './mirrors/mirror-fact-repository.ts'
import { mirrorOrderRepository } from './mirrors/mirror-order-repository.ts'
import { fleetRegister } from './nodes/fleet-register.ts'
import { leaseRepository } from './nodes/lease-repository.ts'
import { nodeBriefRepository } from './nodes/node-brief-repository.ts'
import { nodeRepository } from './nodes/node-repository.ts'
import { nodeViewRepository } from './nodes/node-view-repository.ts'
import { otherAddressRepository } from './nodes/other-address-repository.ts'
import { apiTokenRepository } from './operators/api-token-repository.ts'
import { apiTokens } from './operators/api-tokens.ts'
import { operatorAccounts } from './operators/operator-accounts.ts'
import { operatorRepository } from './operators/operator-repository.ts'
import { pullDesk } from './pulling/pull-desk.ts'
import { pullRepository } from './pulling/pull-repository.ts'
import { incidentRepository } from './reachability/incident-repository.ts'
import { lineRepository } from './reachability/line-repository.ts'
import { reachabilityRepository } from './reachability/reachability-repository.ts'
import { segmentRepository } from './reachability/segment-repository.ts'
import { standingRepository } from './reachability/standing-repository.ts'
import { copyRepository } from './steering/copy-repository.ts'
import { posterRepository } from './streams/poster-repository.ts'
import { reportRepository } from './streams/report-repository.ts'
import { streamCatalog } from './streams/stream-catalog.ts'
import { streamPosters } from './streams/stream-posters.ts'
import { streamRepository } from './streams/stream-repository.ts'
import { streamSightRepository } from './streams/stream-sight-repository.ts'
import { streamViewRepository } from './streams/stream-view-repository.ts'
import { verdictLinkRepository } from './verdict/verdict-link-repository.ts'
import { verdictLinks } from './verdict/verdict-links.ts'

export type Rooms = Awaited<ReturnType<typeof openRooms>>

type Settings = { publicUrl: string; cdnPorts?: number[]; mailServer?: MailServer | undefined }

/** What the rooms know and can do, joined. The server mounts routes on it; the command line uses it as it is. */
export async function openRooms(db: Database, { publicUrl, cdnPorts, mailServer }: Settings) {
  const fleetKey: KeyPair = await loadFleetKey(db)
  const nodes = nodeRepository(db)
  const claims = claimRepository(db)
  const people = { operators: operatorRepository(db), apiTokenRows: apiTokenRepository(db) }
  const catalog = { streams: streamRepository(db), posters: posterRepository(db) }
  const mirrors = mirrorRooms(db, cdnPorts)
  const links = verdictLinkRepository(db)
  const commandRows = commandRepository(db)
  const diagnostics = diagnosticsRepository(db)
  const configurationRows = configurationRepository(db)
  const alerts = alertRooms(db)
  const audit = auditTrail({ auditRows: auditRepository(db) })
  const deeds = auditedDeeds(audit.record, {
    accounts: operatorAccounts(people),
    apiTokens: apiTokens(people),
    fleetRegister: fleetRegister({ nodes }),
    enrolment: enrolment({ claims, nodes, fleetKey, publicUrl }),
    streamCatalog: streamCatalog(catalog),
    streamPosters: streamPosters(catalog),
    mirrorDesk: mirrorDesk(mirrors),
    configurations: configurations({ configurationRows, nodes }),
    commands: commands({ commandRows, diagnostics, nodes }),
    verdictLinks: verdictLinks({ links, publicUrl }),
    pullDesk: pullDesk({ pulls: pullRepository(db) }),
    alertDesk: alertDesk(alerts),
    channelDesk: channelDesk({ ...alerts, mailServer, publicUrl }),
  })
  return {
    ...deeds,
    ...alerts,
    audit,
    fleetKey,
    nodes,
    claims,
    ...factsOf(db, cdnPorts),
    ...people,
    limits: nodeLimits({
      limits: limitRepository(db),
      nodes,
      configure: (nodeId, duty) =>
        deeds.configurations.change(
          nodeId,
          { duty: duty === 'serving' ? undefined : duty },
          presentActor().who,
        ),
    }),
    ...catalog,
    ...mirrors,
    links,
    commandRows,
    diagnostics,
    configurationRows,
  }
}

/** What is known, and only read by others. */
const factsOf = (db: Database, cdnPorts?: number[]) => ({
  leases: leaseRepository(db),
  otherAddresses: otherAddressRepository(db),
  nodeBriefs: nodeBriefRepository(db),
  nodeViews: nodeViewRepository(db),
  streamViews: streamViewRepository(db, { cdnPorts }),
  streamSights: streamSightRepository(db),
  reports: reportRepository(db),
  copies: copyRepository(db, { cdnPorts }),
  reachability: reachabilityRepository(db),
  standings: standingRepository(db),
  incidents: incidentRepository(db),
  experiences: beaconRepository(db),
  segments: segmentRepository(db),
  lines: lineRepository(db),
  metrics: metricsRepository(db),
  history: historyRepository(db),
  happeningRows: happeningRepository(db),
  partitions: partitionRepository(db),
  health: healthRepository(db),
})

const mirrorRooms = (db: Database, cdnPorts?: number[]) => ({
  mirrorChoices: mirrorChoiceRepository(db),
  mirrorFacts: mirrorFactRepository(db, { cdnPorts }),
  mirrorOrders: mirrorOrderRepository(db),
})

const alertRooms = (db: Database) => ({
  alertRows: alertRepository(db),
  alertChoices: alertChoiceRepository(db),
  channels: channelRepository(db),
  messages: messageRepository(db),
  nodeHealth: nodeHealthRepository(db),
  encoderSpeeds: encoderSpeedRepository(db),
})
