import type { KeyPair } from '@sixcast/shared/contract/identity-key.ts'
import { askLine } from './ask-line.ts'
import type { LineRepository } from './line-repository.ts'
import type { Watched } from './standing-repository.ts'

/** All of them come over the prober's own line. */
const MOST_AT_ONCE = 2
const AGAIN_AFTER_MISS_MS = 10 * 60_000

type Dependencies = {
  lines: Pick<LineRepository, 'recordFact'>
  fleetKey: KeyPair
  ask?: typeof askLine
  now: () => Date
}

/** Measures the line of a node that a probe has just found: once at an address, and when an operator asks for it. */
export function watchLines({ lines, fleetKey, ask = askLine, now }: Dependencies) {
  let underWay = 0

  async function measure({ nodeId, address, ports, sends }: Watched) {
    const result = await ask({ nodeId, address, port: ports.cdn, fleetKey })
    // What viewers took meanwhile went over the same line.
    const whole =
      result.is === 'measured' ? { ...result, bitsPerSecond: result.bitsPerSecond + sends } : result
    await lines.recordFact({ nodeId, address, result: whole, at: now() })
  }

  return {
    async look(node: Watched) {
      if (underWay >= MOST_AT_ONCE || !isDue(node, now())) return
      underWay += 1
      await measure(node).finally(() => {
        underWay -= 1
      })
    },
  }
}

export function isDue({ line, address }: Pick<Watched, 'line' | 'address'>, now: Date): boolean {
  if (!line || line.wanted || line.address !== address) return true
  return line.missed && now.getTime() - line.triedAt.getTime() >= AGAIN_AFTER_MISS_MS
}
