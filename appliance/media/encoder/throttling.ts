import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A Raspberry Pi's own account, in bits: 0 undervoltage, 1 and 3 slowed down by heat, 2 slowed down at all (vcgencmd get_throttled). */
const PI = 'devices/platform/soc/soc:firmware/get_throttled'
const HOT_MILLIDEGREES = 85_000

/** Why the machine is slower now than it could be, if it says so. */
export function throttling(sys = '/sys'): string | undefined {
  const bits = Number.parseInt(read(join(sys, PI)) ?? '0', 16)
  if (bits & 0b0001) return 'its power supply is too weak'
  if (bits & 0b1110) return 'its processor is slowed down'
  const hottest = Math.max(...zones(join(sys, 'class/thermal')))
  return hottest >= HOT_MILLIDEGREES ? `its processor has ${Math.round(hottest / 1000)} °C` : undefined
}

function zones(folder: string): number[] {
  try {
    const names = readdirSync(folder).filter((name) => name.startsWith('thermal_zone'))
    return names.map((name) => Number(read(join(folder, name, 'temp')) ?? 0))
  } catch {
    return []
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').trim()
  } catch {
    return undefined
  }
}
