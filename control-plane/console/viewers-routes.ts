import { isIP } from 'node:net'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { canonicalAddress } from '../addresses/addresses.ts'
import { sourceAddress } from '../addresses/source-address.ts'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import type { LiveFleet } from './live-fleet.ts'
import { type Question, viewersNow, viewersPage } from './viewers-page.ts'

const text = z.string().trim().max(64).catch('')
const Asked = z.object({ stream: text, address: text })

/** What viewers met with, and why one is sent where he is sent. */
export function viewersRoutes({ choice }: Pick<ConsoleDependencies, 'choice'>, fleet: LiveFleet) {
  /** Nothing is known of him but where he comes from. */
  async function answered(
    c: Context<OperatorEnv>,
    { stream, address }: z.infer<typeof Asked>,
  ): Promise<Question> {
    if (stream === '') return { stream, address }
    if (address !== '' && isIP(address) === 0)
      return { stream, address, problem: `“${address}” is no IP address.` }
    const viewing = {
      address: canonicalAddress(address || sourceAddress(c)),
      requestHost: new URL(c.req.url).hostname,
      ...{ viewer: '', present: undefined, six: false, exclude: [] },
    }
    try {
      const { candidates } = await choice.explain(stream, viewing)
      return { stream, address, candidates }
    } catch (error) {
      if (error instanceof Problem)
        return { stream, address, problem: `${stream} is not live: nobody is sent anywhere.` }
      throw error
    }
  }

  return new Hono<OperatorEnv>()
    .get('/viewers', accept('query', Asked), async (c) => {
      const question = await answered(c, c.req.valid('query'))
      return c.html(viewersPage({ ...(await fleet.read()), question, operator: c.get('operator') }))
    })
    .get('/events/viewers', (c) => fleet.send(c, (present) => viewersNow(present)))
}
