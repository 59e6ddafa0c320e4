import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { Verdict } from '@sixcast/shared/contract/verdict.ts'
import type { Answer } from '../requests/answer.ts'

/** What the control plane thinks of this node. Throws why that cannot be told now. */
export const askVerdict = (get: () => Promise<Answer<Verdict>>) => async (): Promise<Verdict> =>
  fromFleet(await get(), 'gives no verdicts')

/** What it answered; `lacking` says what an older one does not do. */
export function fromFleet<Body>(answer: Answer<Body>, lacking: string): Body {
  if (answer.kind === 'accepted') return answer.body
  if (answer.kind === 'away')
    throw new Problem('unavailable', `The control plane cannot be asked: ${answer.cause}.`)
  if (answer.code === 'not-found')
    throw new Problem('not-found', `This control plane is of an older release and ${lacking}.`)
  throw new Problem('unavailable', `The control plane answers ${answer.code}.`)
}
