import type { MediaLimits } from '@sixcast/shared/contract/configuration.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'

export type LadderLimits = Pick<MediaLimits, 'tallestQuality' | 'mostRenditions'>

/** What the operator of this node lets it do. A session that runs keeps what it began with. */
export function nodeLimits() {
  let limits: MediaLimits = {}

  return {
    honoured: () => limits,
    /** True when they are others than before. */
    told(next: MediaLimits): boolean {
      const isNew = JSON.stringify(next) !== JSON.stringify(limits)
      limits = next
      return isNew
    },
    /** Why a further stream is not taken beside these; undefined if it is. */
    full(name: string, present: string[]): Problem | undefined {
      const { mostStreams } = limits
      const others = new Set(present.filter((each) => each !== name))
      if (mostStreams === undefined || others.size < mostStreams) return undefined
      return new Problem(
        'node-full',
        `This node is configured to take ${mostStreams} streams at most, and has ${others.size}.`,
      )
    },
  }
}
