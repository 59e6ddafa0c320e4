import {
  type ConfigurationStep,
  MediaLimits,
  NodeSettings,
  type SettingName,
} from '@sixcast/shared/contract/configuration.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'

export type Settings = Record<string, unknown>

/** Who acts on a setting of this node: its media, its agent, or the control plane, which steers viewers by it. */
export type Place = 'media' | 'agent' | 'control-plane'

/** What is to be done about one setting; `value` is absent when it is taken back. */
export type PlannedStep =
  | { setting: string; act: Place; value: unknown }
  | ({ act: 'nothing' } & ConfigurationStep)

/** `later`: this release knows it, and cannot do it yet. */
const PLACES: Record<SettingName, Place | 'later'> = {
  release: 'later',
  tallestQuality: 'media',
  mostRenditions: 'media',
  mostStreams: 'media',
  mostViewers: 'control-plane',
  mostBitsPerSecond: 'control-plane',
  duty: 'control-plane',
  maintenanceWindows: 'control-plane',
  controlPlaneUrl: 'agent',
}

/** What leads from the settings a node lives by to those that are wanted. Each is judged by itself: one that is wrong spoils no other. */
export function planSteps(have: Settings, want: Settings): PlannedStep[] {
  const names = new Set([...Object.keys(want), ...Object.keys(have)])
  return [...names].map((setting) => planStep(setting, have[setting], want[setting]))
}

function planStep(setting: string, have: unknown, want: unknown): PlannedStep {
  const nothing = (outcome: ConfigurationStep['outcome'], why?: string): PlannedStep => ({
    act: 'nothing',
    setting: setting.slice(0, 100),
    outcome,
    ...(why !== undefined && { why: why.slice(0, 500) }),
  })
  if (!isKnown(setting)) return nothing('unsupported', 'This node’s release does not know this setting.')
  const read = NodeSettings.shape[setting].safeParse(want)
  if (!read.success) {
    const issues = read.error.issues.map((issue) => ({ ...issue, path: [setting, ...issue.path] }))
    return nothing('rejected', issuesSentence(issues, setting))
  }
  const place = PLACES[setting]
  if (place === 'later') return nothing('unsupported', 'This node’s release does not change itself yet.')
  if (JSON.stringify(have) === JSON.stringify(read.data)) return nothing('unchanged')
  return { setting, act: place, value: read.data }
}

const isKnown = (setting: string): setting is SettingName => Object.hasOwn(PLACES, setting)

/** The settings that a node lives by once the steps are taken; those that are refused stay as they were. */
export function settingsAfter(have: Settings, steps: PlannedStep[]): Settings {
  const after = { ...have }
  for (const step of steps) {
    if (step.act === 'nothing') continue
    if (step.value === undefined) delete after[step.setting]
    else after[step.setting] = step.value
  }
  return after
}

/** What media is to honour of them. */
export const limitsIn = (settings: Settings): MediaLimits => MediaLimits.catch({}).parse(settings)
