import type { VerdictLink } from '@sixcast/shared/contract/verdict-link.ts'
import type { Answer } from '../requests/answer.ts'
import { fromFleet } from './ask-verdict.ts'

/** An hour before its day is over: whoever asks then must have time to read. By our own clock, which may be of 1970 but runs. */
const KEPT_MS = 23 * 3_600_000

/** The link at which the verdict on this node is read. Who has one open on his phone would lose it by a new one. */
export function keepLink(
  make: () => Promise<Answer<VerdictLink>>,
  now: () => number = () => performance.now(),
) {
  let kept: { link: VerdictLink; until: number } | undefined

  return async (): Promise<VerdictLink> => {
    if (kept && kept.until > now()) return kept.link
    const link = fromFleet(await make(), 'makes no links to its verdicts')
    kept = { link, until: now() + KEPT_MS }
    return link
  }
}
