import type {
  ConfigurationReply,
  ConfigurationReport,
  ConfigurationStep,
  MediaLimits,
} from '@sixcast/shared/contract/configuration.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { Answer } from '../requests/answer.ts'
import type { heldConfiguration } from './held-configuration.ts'
import { limitsIn, type PlannedStep, planSteps, settingsAfter } from './plan-steps.ts'
import { isWanted } from './trial-state.ts'

export type ConfigurationKeeper = ReturnType<typeof keepConfiguration>

type Dependencies = {
  held: ReturnType<typeof heldConfiguration>
  cloud: {
    fetch: (have: number) => Promise<Answer<ConfigurationReply>>
    report: (report: ConfigurationReport) => Promise<Answer<unknown>>
  }
  /** Resolves when media honours these, or has had time enough to. */
  mediaTakes: (limits: MediaLimits) => Promise<'taken' | 'unknown' | 'silent'>
  /** Why no control plane of this fleet is at `url`; undefined when there is one. */
  objectionTo: (url: string) => Promise<string | undefined>
  /** The control plane is to be found elsewhere from now on. */
  moved: () => Promise<void>
  /** Whether media and nginx answer. */
  well: () => Promise<boolean>
  beatNow: () => void
  report: (error: unknown) => void
  log: Log
}

/** On trial a node beats so often: it must know soon whether it still can. */
const BEAT_EVERY_TICKS = 10

/** Brings the node to what is wanted of it, and back when that breaks it. */
export function keepConfiguration(dependencies: Dependencies) {
  const { held, cloud, moved, well, beatNow, report, log } = dependencies
  const { settings } = held
  let busy = false
  let ticks = 0

  /** One thing at a time; what is left out is made up for by the next heartbeat. */
  async function alone(task: () => Promise<void>) {
    if (busy) return
    busy = true
    await task().catch(report)
    busy = false
  }

  async function catchUp(newest: number | undefined) {
    const untold = held.untold()
    if (untold && (await cloud.report(untold)).kind !== 'away') held.told(untold)
    if (newest === undefined || !isWanted(held.state(), newest)) return
    const answer = await cloud.fetch(presentVersion())
    if (answer.kind === 'accepted' && 'version' in answer.body) await bring(answer.body)
  }

  async function bring(wanted: { version: number; settings: Record<string, unknown> }) {
    if (!isWanted(held.state(), wanted.version)) return
    const before = settings()
    const steps = await withoutRefused(planSteps(before, wanted.settings), dependencies)
    const want = { version: wanted.version, settings: settingsAfter(before, steps) }
    const wasWell = await well()
    held.take(want, wasWell)
    const done = await outcomes(steps, limitsIn(want.settings), dependencies)
    if (settings().controlPlaneUrl !== before.controlPlaneUrl) await moved()
    held.tried(want, wasWell, done)
    log.info('a new configuration is on trial', { version: want.version, ...counted(done) })
    beatNow()
  }

  async function look() {
    if (held.state().name !== 'trial') return
    const before = settings()
    const outcome = held.handle({ kind: 'tick', well: await well() })
    if (outcome === 'kept') log.info('the configuration has proven itself', { version: presentVersion() })
    if (outcome === 'returned')
      log.warn('the last good configuration is back', {
        version: presentVersion(),
        cause: held.untold()?.cause,
      })
    if (settings().controlPlaneUrl !== before.controlPlaneUrl) await moved()
    ticks += 1
    if (outcome !== undefined || ticks % BEAT_EVERY_TICKS === 0) beatNow()
  }

  function presentVersion() {
    const state = held.state()
    return (state.name === 'trial' ? state.want : state.good).version
  }

  return {
    /** After each accepted heartbeat, with the newest version that there is. */
    heard(newest: number | undefined) {
      held.handle({ kind: 'beat' })
      void alone(() => catchUp(newest))
    },
    /** To be called every second. */
    tick: () => alone(look),
    limits: () => limitsIn(settings()),
    /** Where the control plane is, if not where the node enrolled. */
    controlPlaneUrl() {
      const { controlPlaneUrl } = settings()
      return typeof controlPlaneUrl === 'string' ? controlPlaneUrl : undefined
    },
    version: presentVersion,
    onTrial: () => held.state().name === 'trial',
  }
}

/** An address at which nobody of the fleet answers would cut the node off for nothing. */
async function withoutRefused(steps: PlannedStep[], { objectionTo }: Dependencies): Promise<PlannedStep[]> {
  return await Promise.all(
    steps.map(async (step) => {
      if (step.act !== 'agent' || typeof step.value !== 'string') return step
      const why = await objectionTo(step.value)
      return why === undefined
        ? step
        : { ...step, act: 'nothing' as const, outcome: 'rejected' as const, why: why.slice(0, 500) }
    }),
  )
}

/** What has come of the steps, once media has had its say. */
async function outcomes(
  steps: PlannedStep[],
  limits: MediaLimits,
  { mediaTakes }: Dependencies,
): Promise<ConfigurationStep[]> {
  const media = steps.some(({ act }) => act === 'media') ? MEDIA[await mediaTakes(limits)] : MEDIA.taken
  return steps.map((step) => {
    if (step.act === 'nothing') return stepOf(step)
    const { setting } = step
    if (step.act === 'media') return { setting, ...media }
    if (step.act === 'control-plane')
      return { setting, outcome: 'applied', why: 'The control plane steers viewers by it.' }
    return { setting, outcome: 'applied' }
  })
}

const MEDIA = {
  taken: {
    outcome: 'applied',
    why: 'Media holds to it from the next stream on; those that run are left alone.',
  },
  unknown: { outcome: 'unsupported', why: 'The media of this node does not know this setting.' },
  silent: { outcome: 'applied', why: 'Media is silent now: it is told when it is back.' },
} as const

function stepOf({ setting, outcome, why }: ConfigurationStep): ConfigurationStep {
  return { setting, outcome, ...(why !== undefined && { why }) }
}

function counted(steps: ConfigurationStep[]) {
  const by = Object.groupBy(steps, ({ outcome }) => outcome)
  return Object.fromEntries(Object.entries(by).map(([outcome, all]) => [outcome, all.length]))
}
