import type { ConfigurationReport, ConfigurationStep } from '@sixcast/shared/contract/configuration.ts'
import type { KeptConfiguration } from './configuration-file.ts'
import type { Settings } from './plan-steps.ts'
import {
  type Held,
  nextTrial,
  TRIAL_RULES,
  type TrialEvent,
  type TrialRules,
  type TrialState,
} from './trial-state.ts'

type Dependencies = {
  file: { read: () => KeptConfiguration | undefined; keep: (kept: KeptConfiguration) => void }
  release: string
  rules?: TrialRules | undefined
  now?: () => number
}

const NONE: Held = { version: 0, settings: {} }

/** What the node lives by: on the disk before it counts, so that a cut in the middle finds its way. It decides nothing: trial-state.ts does. */
export function heldConfiguration({
  file,
  release,
  rules = TRIAL_RULES,
  now = () => performance.now(),
}: Dependencies) {
  let kept = opened(file.read(), release)
  let state = stateOf(kept, now())

  const keep = (changes: Partial<KeptConfiguration>) => {
    kept = { ...kept, ...changes }
    file.keep(kept)
  }

  function handle(event: TrialEvent): 'kept' | 'returned' | undefined {
    const { trial } = kept
    const [next, action] = nextTrial(state, event, now(), rules)
    if (trial && action.kind !== 'none')
      settle(trial, next, action.kind === 'return' ? action.cause : undefined)
    else if (trial && next.name === 'trial' && next.starts !== trial.starts)
      keep({ trial: { ...trial, starts: next.starts } })
    state = next
    return action.kind === 'none' ? undefined : action.kind === 'keep' ? 'kept' : 'returned'
  }

  function settle(
    { version, steps }: Held & { steps: ConfigurationStep[] },
    { good, spoilt }: TrialState,
    cause?: string,
  ) {
    const outcome = cause === undefined ? { state: 'kept' as const } : { state: 'returned' as const, cause }
    const untold = { version, steps, inForce: good.version, ...outcome }
    keep({ good, spoilt, untold, trial: undefined })
  }

  if (state.name === 'trial') handle({ kind: 'started' })

  return {
    /** What the node lives by now, be it on trial. */
    settings: (): Settings => (kept.trial ?? kept.good).settings,
    state: () => state,
    handle,
    /** From here on the settings are another's; the trial itself begins with the event `applied`. */
    take(want: Held, wasWell: boolean) {
      keep({ trial: { ...want, wasWell, starts: 0, steps: [] } })
    },
    tried(want: Held, wasWell: boolean, steps: ConfigurationStep[]) {
      const untold = { version: want.version, state: 'trial' as const, steps, inForce: want.version }
      keep({ trial: { ...want, wasWell, starts: 0, steps }, untold })
      handle({ kind: 'applied', want, wasWell })
    },
    untold: () => kept.untold,
    told(report: ConfigurationReport) {
      if (kept.untold === report) keep({ untold: undefined })
    },
    /** The wishes of one fleet are nothing to another. */
    belongsTo(fleet: string) {
      if (kept.fleet === fleet) return
      kept = { fleet, release, good: NONE }
      state = { name: 'settled', good: NONE }
    },
  }
}

/** Under another release the same version is fetched and judged anew: it may know more settings. */
function opened(kept: KeptConfiguration | undefined, release: string): KeptConfiguration {
  if (!kept) return { fleet: '', release, good: NONE }
  if (kept.release === release) return kept
  return { ...kept, release, good: { ...kept.good, version: 0 }, trial: undefined, spoilt: undefined }
}

function stateOf({ good, trial, spoilt }: KeptConfiguration, now: number): TrialState {
  if (!trial) return { name: 'settled', good, spoilt }
  const { wasWell, starts, version, settings } = trial
  const want = { version, settings }
  return {
    name: 'trial',
    good,
    want,
    spoilt,
    wasWell,
    starts,
    startedAt: now,
    beats: 0,
    beatAt: now,
    wellAt: now,
  }
}
