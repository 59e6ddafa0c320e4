import { NodeSettings } from '@sixcast/shared/contract/configuration.ts'
import { isDue } from '@sixcast/shared/contract/maintenance-window.ts'
import type { NodeLimits } from '../limits/limit-repository.ts'

/** What the settings of a node mean at this moment. One that is spoilt, or of another release, spoils none of the others. */
export function limitsNow(settings: Record<string, unknown>, at: Date): NodeLimits {
  const { mostViewers, mostBitsPerSecond, duty = 'serving', maintenanceWindows = [] } = known(settings)
  return {
    ...(mostViewers !== undefined && { viewers: mostViewers }),
    ...(mostBitsPerSecond !== undefined && { bitsPerSecond: mostBitsPerSecond }),
    duty: maintenanceWindows.some((window) => isDue(window, at)) ? 'maintenance' : duty,
  }
}

function known(settings: Record<string, unknown>): NodeSettings {
  const entries = Object.entries(NodeSettings.shape).flatMap(([name, schema]) => {
    const read = schema.safeParse(settings[name])
    return read.success ? [[name, read.data]] : []
  })
  return Object.fromEntries(entries)
}
