import type { Log } from '@sixcast/shared/runtime/log.ts'
import { schedule } from 'node-cron'
import type { AlertChoiceRepository } from '../alerts/alert-choice-repository.ts'
import type { AlertRepository } from '../alerts/alert-repository.ts'
import type { BeaconRepository } from '../beacons/beacon-repository.ts'
import type { CommandRepository } from '../commands/command-repository.ts'
import type { DiagnosticsRepository } from '../commands/diagnostics-repository.ts'
import type { ConfigurationRepository } from '../configuration/configuration-repository.ts'
import type { ClaimRepository } from '../enrolment/claim-repository.ts'
import type { HappeningRepository } from '../happenings/happening-repository.ts'
import type { MetricsRepository } from '../link/metrics-repository.ts'
import type { LeaseRepository } from '../nodes/lease-repository.ts'
import type { OtherAddressRepository } from '../nodes/other-address-repository.ts'
import type { ApiTokenRepository } from '../operators/api-token-repository.ts'
import type { OperatorRepository } from '../operators/operator-repository.ts'
import type { IncidentRepository } from '../reachability/incident-repository.ts'
import type { ReportRepository } from '../streams/report-repository.ts'
import type { VerdictLinkRepository } from '../verdict/verdict-link-repository.ts'

/** Not on the hour, when everybody else's schedules run too. */
const HOURLY = '23 * * * *'
const HOUR_MS = 3_600_000
const CLAIM_KEPT_MS = 30 * 24 * HOUR_MS
/** So long a program is told that its token has expired, and its owner sees it. */
const TOKEN_KEPT_MS = 30 * 24 * HOUR_MS
const INCIDENT_KEPT_MS = 90 * 24 * HOUR_MS
/** Two days, so that today can be held against yesterday. */
const BEACONS_KEPT_MS = 48 * HOUR_MS
const HAPPENING_KEPT_MS = 180 * 24 * HOUR_MS
const COMMAND_KEPT_MS = 90 * 24 * HOUR_MS
const DIAGNOSTICS_KEPT_MS = 7 * 24 * HOUR_MS
/** Viewers may still be watching the end of a session. */
const REPORT_KEPT_MS = HOUR_MS

type Rooms = {
  claims: Pick<ClaimRepository, 'removeSpent'>
  operators: Pick<OperatorRepository, 'removeExpiredSessions'>
  apiTokenRows: Pick<ApiTokenRepository, 'removeExpired'>
  reports: Pick<ReportRepository, 'removeOutdated'>
  leases: Pick<LeaseRepository, 'removeOfRevoked'>
  otherAddresses: Pick<OtherAddressRepository, 'removeOutdated'>
  metrics: Pick<MetricsRepository, 'removeOfRevoked'>
  happeningRows: Pick<HappeningRepository, 'removeBefore'>
  incidents: Pick<IncidentRepository, 'removeEnded'>
  experiences: Pick<BeaconRepository, 'removeBefore'>
  links: Pick<VerdictLinkRepository, 'removeExpired'>
  configurationRows: Pick<ConfigurationRepository, 'removeOfRevoked'>
  commandRows: Pick<CommandRepository, 'removeSettled'>
  diagnostics: Pick<DiagnosticsRepository, 'removeTaken'>
  alertRows: Pick<AlertRepository, 'removeEnded'>
  alertChoices: Pick<AlertChoiceRepository, 'removeSilences'>
}

type Dependencies = Rooms & {
  log: Pick<Log, 'info'>
  report: (error: unknown) => void
  pattern?: string
}

/** Removes what nobody will ask for again. Several processes may do so at once: what is gone is gone. */
export function startHousekeeping({ log, report, pattern = HOURLY, ...rooms }: Dependencies) {
  let sweeping = Promise.resolve()

  async function round() {
    const removed = await sweep(rooms, new Date())
    if (Object.values(removed).some((rows) => rows > 0)) log.info('old rows were removed', removed)
  }

  const task = schedule(
    pattern,
    () => {
      sweeping = round().catch(report)
      return sweeping
    },
    { noOverlap: true, suppressMissedWarning: true },
  )

  return {
    async stop() {
      await task.destroy()
      await sweeping
    },
  }
}

/** One round, and how many rows of each kind it has removed. */
export async function sweep(rooms: Rooms, at: Date) {
  const { claims, operators, reports, leases, metrics, incidents, experiences, links } = rooms
  return {
    claims: await claims.removeSpent(new Date(at.getTime() - CLAIM_KEPT_MS)),
    logins: await operators.removeExpiredSessions(at),
    tokens: await rooms.apiTokenRows.removeExpired(new Date(at.getTime() - TOKEN_KEPT_MS)),
    reports: await reports.removeOutdated(new Date(at.getTime() - REPORT_KEPT_MS)),
    leases: await leases.removeOfRevoked(),
    addresses: await rooms.otherAddresses.removeOutdated(),
    metrics: await metrics.removeOfRevoked(),
    configurations: await rooms.configurationRows.removeOfRevoked(),
    commands: await rooms.commandRows.removeSettled(new Date(at.getTime() - COMMAND_KEPT_MS)),
    diagnostics: await rooms.diagnostics.removeTaken(new Date(at.getTime() - DIAGNOSTICS_KEPT_MS)),
    happenings: await rooms.happeningRows.removeBefore(new Date(at.getTime() - HAPPENING_KEPT_MS)),
    incidents: await incidents.removeEnded(new Date(at.getTime() - INCIDENT_KEPT_MS)),
    alertIncidents: await rooms.alertRows.removeEnded(new Date(at.getTime() - INCIDENT_KEPT_MS)),
    silences: await rooms.alertChoices.removeSilences(new Date(at.getTime() - INCIDENT_KEPT_MS)),
    beacons: await experiences.removeBefore(new Date(at.getTime() - BEACONS_KEPT_MS)),
    links: await links.removeExpired(at),
  }
}
