import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { AlertChoiceRepository } from './alert-choice-repository.ts'
import type { AlertRepository } from './alert-repository.ts'
import { rulesInForce } from './alert-rules.ts'
import { type DeliveryDependencies, deliverMessages } from './deliver-messages.ts'
import { gatherAlerts } from './gather-alerts.ts'
import { judgeAlerts } from './judge-alerts.ts'
import { observeFleet } from './observe-fleet.ts'
import { type FactsDependencies, factsReader } from './read-facts.ts'
import { type TellDependencies, tellIncidents } from './tell-incidents.ts'

type RoundDependencies = FactsDependencies &
  TellDependencies & {
    alertRows: Pick<AlertRepository, 'listUnresolved' | 'listOpen' | 'saveRound'>
    alertChoices: Pick<AlertChoiceRepository, 'readRules'>
  }

type Dependencies = RoundDependencies &
  DeliveryDependencies & {
    /** Of several processes one looks and tells. */
    isOurTurn: () => boolean
    report: (error: unknown) => void
    everyMs?: number
    now?: () => Date
  }

const LOOK_EVERY_MS = 5000
const DELIVER_EVERY_MS = 1000
/** Nobody has looked for longer than rounds ever are apart: this process was away, or another had the turn. */
const AWAY_MS = 60_000
/** Of a large fleet a round is work: no more than a twentieth of the time goes into it. */
const WORKING_SHARE = 1 / 20

/** One look at the whole fleet, and what is to be told after it. */
export function alertRound(dependencies: RoundDependencies) {
  const { alertRows, alertChoices } = dependencies
  const readFacts = factsReader(dependencies)
  const tell = tellIncidents(dependencies)
  let lookedAt = Number.NEGATIVE_INFINITY

  return async (at: Date) => {
    const now = at.getTime()
    const [facts, alerts, incidents, choices] = await Promise.all([
      readFacts(at),
      alertRows.listUnresolved(),
      alertRows.listOpen(),
      alertChoices.readRules(),
    ])
    const judged = judgeAlerts(alerts, observeFleet(facts), rulesInForce(choices), {
      now,
      wasAway: now - lookedAt > AWAY_MS,
    })
    await alertRows.saveRound(gatherAlerts({ alerts, incidents }, judged, now), at)
    lookedAt = now
    await tell(at)
  }
}

/** Looks at the fleet and tells people, for as long as it is this process's turn. */
export function startAlerts({ everyMs = LOOK_EVERY_MS, now = () => new Date(), ...rest }: Dependencies) {
  const { isOurTurn, report } = rest
  const look = alertRound(rest)
  const stopping = new AbortController()
  const deliver = deliverMessages(rest, stopping.signal)
  let restMs = everyMs

  async function lookRound() {
    if (!isOurTurn()) return
    const begun = performance.now()
    await look(now())
    restMs = Math.max(everyMs, (performance.now() - begun) / WORKING_SHARE)
  }

  const ended = [
    repeat(() => restMs, lookRound, stopping.signal, report),
    repeat(
      DELIVER_EVERY_MS,
      async () => {
        if (isOurTurn()) await deliver(now)
      },
      stopping.signal,
      report,
    ),
  ]
  return {
    async stop() {
      stopping.abort()
      await Promise.all(ended)
    },
  }
}
