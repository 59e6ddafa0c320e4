import type { Settings } from './plan-steps.ts'

/** A version with the settings that the node lives by, so far as it takes them. */
export type Held = { version: number; settings: Settings }

export type TrialState =
  | { name: 'settled'; good: Held; spoilt?: number | undefined }
  | {
      name: 'trial'
      good: Held
      want: Held
      /** An earlier version that broke the node: it is not tried again. */
      spoilt?: number | undefined
      startedAt: number
      /** Accepted heartbeats since, and the last of them. */
      beats: number
      beatAt: number
      /** When media and nginx answered last. */
      wellAt: number
      /** Whether they did before: what was broken already is no fault of this version. */
      wasWell: boolean
      /** How often the agent has started meanwhile. */
      starts: number
    }

export type TrialEvent =
  | { kind: 'applied'; want: Held; wasWell: boolean }
  | { kind: 'beat' }
  | { kind: 'tick'; well: boolean }
  | { kind: 'started' }

export type TrialAction = { kind: 'none' } | { kind: 'keep' } | { kind: 'return'; cause: string }

export type TrialRules = {
  /** How long a version must do well before it is kept. */
  steadyMs: number
  leastBeats: number
  /** Without an accepted heartbeat for so long, the node goes back. */
  silentMs: number
  unwellMs: number
  mostStarts: number
}

/** A node that breaks is back within two minutes. */
export const TRIAL_RULES: TrialRules = {
  steadyMs: 60_000,
  leastBeats: 2,
  silentMs: 90_000,
  unwellMs: 60_000,
  mostStarts: 3,
}

/** In proportion to how long a version must do well. */
export function trialRules(steadySeconds: number): TrialRules {
  const { silentMs, unwellMs, steadyMs } = TRIAL_RULES
  const share = (steadySeconds * 1000) / steadyMs
  return {
    ...TRIAL_RULES,
    steadyMs: steadyMs * share,
    silentMs: silentMs * share,
    unwellMs: unwellMs * share,
  }
}

/** Whether a version is wanted: neither the one that the node has or tries, nor one that has broken it. */
export function isWanted(state: TrialState, version: number): boolean {
  const present = state.name === 'trial' ? state.want : state.good
  return version !== present.version && version !== state.spoilt
}

/** What the trial of a new version comes to with `event`, and what its shell must do about it. */
export function nextTrial(
  state: TrialState,
  event: TrialEvent,
  now: number,
  rules: TrialRules = TRIAL_RULES,
): [TrialState, TrialAction] {
  if (event.kind === 'applied') {
    const { want, wasWell } = event
    const begun = { startedAt: now, beats: 0, beatAt: now, wellAt: now, starts: 0 }
    return [{ name: 'trial', good: state.good, spoilt: state.spoilt, want, wasWell, ...begun }, NONE]
  }
  if (state.name === 'settled') return [state, NONE]
  switch (event.kind) {
    case 'beat':
      return [{ ...state, beats: state.beats + 1, beatAt: now }, NONE]
    case 'started': {
      const starts = state.starts + 1
      const anew = { ...state, starts, startedAt: now, beats: 0, beatAt: now, wellAt: now }
      return starts >= rules.mostStarts
        ? back(anew, `the agent has started ${starts} times with it`)
        : [anew, NONE]
    }
    case 'tick':
      return judge(event.well || !state.wasWell ? { ...state, wellAt: now } : state, now, rules)
  }
}

type Trial = Extract<TrialState, { name: 'trial' }>

function judge(trial: Trial, now: number, rules: TrialRules): [TrialState, TrialAction] {
  if (now - trial.beatAt >= rules.silentMs)
    return back(trial, `no heartbeat was accepted for ${seconds(rules.silentMs)}`)
  if (now - trial.wellAt >= rules.unwellMs)
    return back(trial, `media or nginx did not answer for ${seconds(rules.unwellMs)}`)
  const isProven =
    trial.beats >= rules.leastBeats && trial.wellAt === now && now - trial.startedAt >= rules.steadyMs
  return isProven
    ? [{ name: 'settled', good: trial.want, spoilt: trial.spoilt }, { kind: 'keep' }]
    : [trial, NONE]
}

function back({ good, want }: Trial, cause: string): [TrialState, TrialAction] {
  return [
    { name: 'settled', good, spoilt: want.version },
    { kind: 'return', cause },
  ]
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} seconds`

const NONE: TrialAction = { kind: 'none' }
