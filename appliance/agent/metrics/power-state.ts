import { readFile } from 'node:fs/promises'
import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'

/** Where the kernel of a Raspberry Pi shows what its firmware says. */
const THROTTLED = '/sys/devices/platform/soc/soc:firmware/get_throttled'

/** Absent on boards that do not tell. */
export async function readPower(path = THROTTLED): Promise<NodeMetrics['power']> {
  return powerOf(await readFile(path, 'utf8').catch(() => ''))
}

/** Hexadecimal. The lowest bits are now, from the sixteenth on they are since the start. */
export function powerOf(text: string): NodeMetrics['power'] {
  if (!/^\s*[0-9a-f]+\s*$/i.test(text)) return undefined
  const bits = parseInt(text, 16)
  const isSet = (bit: number) => (bits & (1 << bit)) !== 0
  // The fourth is a cap too: by heat, and softer.
  return { undervoltage: isSet(0), frequencyCapped: isSet(1) || isSet(3), throttled: isSet(2) }
}
