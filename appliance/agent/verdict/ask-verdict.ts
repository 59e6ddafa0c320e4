import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { Verdict } from '@sixcast/shared/contract/verdict.ts'
import type { Answer } from '../requests/answer.ts'

/** What the control plane thinks of this node. Throws why that cannot be told now. */
export const askVerdict = (get: () => Promise<Answer<Verdict>>) => async (): Promise<Verdict> => {
  const answer = await get()
  if (answer.kind === 'accepted') return answer.body
  if (answer.kind === 'away')
    throw new Problem('unavailable', `The control plane cannot be asked: ${answer.cause}.`)
  if (answer.code === 'not-found')
    throw new Problem('not-found', 'This control plane is of an older release and gives no verdicts.')
  throw new Problem('unavailable', `The control plane answers ${answer.code}.`)
}
