import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { Controls } from './ask-controls.ts'
import { type FleetHealth, mayFall } from './fleet-guard.ts'
import type { Incident } from './incident.ts'
import type { IncidentRepository } from './incident-repository.ts'
import type { StandingRepository } from './standing-repository.ts'

type Family = 4 | 6
type Dependencies = {
  standings: Pick<StandingRepository, 'countLately'>
  incidents: IncidentRepository
  /** Whether others outside can be reached; absent where nobody says whom to ask. */
  seesOut?: Controls | undefined
  log: Pick<Log, 'info' | 'warn'>
}

/** A thousand nodes that fall in one moment look through the fleet once. */
const COUNTED_MS = 500
const QUIET_MS = 5000
const NOBODY_OUTSIDE = 'none of the places in PROBE_CONTROLS can be reached'
/** After so long without a probe that could not be asked, it is over. */
const SIGHTED_MS = 60_000

export type FallGuard = ReturnType<typeof guardFalls>

/** Holds nodes that seem to fall while the prober itself seems to fail, and lets people know for as long as that lasts. */
export function guardFalls({ standings, incidents, seesOut = () => undefined, log }: Dependencies) {
  let reading: Promise<Map<string, Incident>> | undefined
  const unaskedAt = new Map<Family, Date>()

  const count = countedOnce(standings.countLately)

  /** What this process, or the one before it, has begun. */
  async function lasting() {
    reading ??= incidents.listOpen().then((open) => new Map(open.map((each) => [keyOf(each), each])))
    return await reading.catch((error) => {
      reading = undefined
      throw error
    })
  }

  async function begin(incident: Incident) {
    const open = await lasting()
    if (open.has(keyOf(incident))) return
    open.set(keyOf(incident), incident)
    log.warn('nodes are kept from falling', { ...incident, since: incident.since.toISOString() })
    await incidents.begin(incident)
  }

  async function end(incident: Incident, at: Date) {
    const open = await lasting()
    await incidents.end(incident, at)
    open.delete(keyOf(incident))
    log.info('nodes may fall again', { kind: incident.kind, family: incident.family })
  }

  async function isOver({ kind, family }: Incident, at: Date) {
    if (kind === 'freeze') return mayFall(await count(family, at))
    const last = unaskedAt.get(family) ?? at
    unaskedAt.set(family, last)
    return at.getTime() - last.getTime() >= SIGHTED_MS
  }

  return {
    /** A node that seems to fall asks this first. */
    async mayFall(family: Family, at: Date): Promise<boolean> {
      const health = await count(family, at)
      if (!mayFall(health)) {
        await begin({ kind: 'freeze', family, since: at, ...health })
        return false
      }
      if ((await seesOut(family)) !== false) return true
      unaskedAt.set(family, at)
      await begin({ kind: 'blind', family, since: at, cause: NOBODY_OUTSIDE })
      return false
    },

    /** The prober could not ask, for a reason of its own machine. */
    async couldNotAsk(family: Family, cause: string, at: Date) {
      unaskedAt.set(family, at)
      await begin({ kind: 'blind', family, since: at, cause })
    },

    /** It has found one. When some probes can be asked and others cannot, the trouble is not over. */
    async couldAsk(family: Family, at: Date) {
      const blind = (await lasting()).get(keyOf({ kind: 'blind', family }))
      const last = unaskedAt.get(family)?.getTime() ?? 0
      if (blind && at.getTime() - last >= QUIET_MS) await end(blind, at)
    },

    /** Ends what is over. */
    async review(at: Date) {
      for (const incident of [...(await lasting()).values()])
        if (await isOver(incident, at)) await end(incident, at)
    },
  }
}

const keyOf = ({ kind, family }: Pick<Incident, 'kind' | 'family'>) => `${kind} ${family}`

function countedOnce(count: StandingRepository['countLately']) {
  const latest = new Map<Family, { at: Date; health: Promise<FleetHealth> }>()
  return (family: Family, at: Date): Promise<FleetHealth> => {
    const known = latest.get(family)
    if (known && at.getTime() - known.at.getTime() < COUNTED_MS) return known.health
    const health = count(family, at)
    latest.set(family, { at, health })
    health.catch(() => latest.delete(family))
    return health
  }
}
