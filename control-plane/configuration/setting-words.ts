import {
  type ConfigurationStep,
  NodeSettings,
  type SettingName,
} from '@sixcast/shared/contract/configuration.ts'
import { MaintenanceWindow, readWindow, windowText } from '@sixcast/shared/contract/maintenance-window.ts'
import { printable } from '@sixcast/shared/runtime/printable.ts'
import * as z from 'zod'

export const SETTINGS = Object.keys(NodeSettings.shape) as SettingName[]

const NUMBERS = new Set<string>(['mostRenditions', 'mostStreams', 'mostViewers', 'mostBitsPerSecond'])

/** What an operator has typed for a setting, still to be parsed by the schema; nothing typed takes the setting back. */
export function readSetting(name: string, text: string): unknown {
  const typed = text.trim()
  if (typed === '') return undefined
  if (name === 'maintenanceWindows')
    return typed
      .split(/[;\n]+/)
      .filter((each) => each.trim())
      .map(readWindow)
  return NUMBERS.has(name) && /^\d[\d_]*$/.test(typed) ? Number(typed.replaceAll('_', '')) : typed
}

/** A setting as it is typed. What is not known in this release is shown as it is kept. */
export function settingText(name: string, value: unknown): string {
  if (value === undefined) return ''
  const windows = z.array(MaintenanceWindow).safeParse(value)
  if (name === 'maintenanceWindows' && windows.success) return windows.data.map(windowText).join('; ')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
}

/** Of a version that a node lives by: the settings that it has not taken, or does not know. Empty when there are none. */
export function butForWords(steps: ConfigurationStep[] = []): string {
  const names = steps
    .filter(({ outcome }) => outcome === 'rejected' || outcome === 'unsupported')
    .map(({ setting }) => printable(setting))
  return names.length ? `, but for ${names.join(', ')}` : ''
}

/** What one version has made of another, a sentence for each setting. */
export function changeWords(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const names = new Set([...SETTINGS, ...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => {
    const [was, is] = [settingText(name, before[name]), settingText(name, after[name])]
    return was === is ? [] : [`${name}: ${was || 'not set'} → ${is || 'not set'}`]
  })
}
