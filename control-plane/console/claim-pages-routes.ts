import { parseClaim } from '@sixcast/shared/contract/claim.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import type { OperatorEnv } from '../operators/operator-login.ts'
import { claimHours, claimPage, claimsNow, claimsPage } from './claims-page.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import type { LiveFleet } from './live-fleet.ts'
import { CLAIM_FILE_NAME, madeClaimPage } from './made-claim-page.ts'

const ClaimForm = z.object({ hours: z.enum(claimHours.map(([hours]) => hours)).transform(Number) })
const FileForm = z.object({ claim: z.string().max(2000) })

/** How machines become nodes: claims are made, handed over as a file, seen used, and taken back. */
export function claimPagesRoutes(
  { enrolment, now = () => new Date() }: ConsoleDependencies,
  fleet: LiveFleet,
) {
  async function claimOf(id: string) {
    const claim = (await enrolment.listClaims()).find((one) => one.id === id)
    if (!claim) throw new Problem('not-found', 'There is no such claim. Those of long ago are forgotten.')
    return claim
  }

  return (
    new Hono<OperatorEnv>()
      .get('/claims', async (c) => c.html(claimsPage(await enrolment.listClaims(), c.get('operator'), now())))
      .get('/events/claims', (c) => fleet.send(c, async () => claimsNow(await enrolment.listClaims(), now())))
      // Answered without a redirect: the claim is kept nowhere from which another request could show it.
      .post('/claims', accept('form', ClaimForm), async (c) => {
        const made = await enrolment.createClaim(c.req.valid('form'))
        return c.html(madeClaimPage(made, c.get('operator')))
      })
      // The page that showed the claim sends it back: it stands in no address, and is kept nowhere in between.
      .post('/claims/file', accept('form', FileForm), (c) => {
        const claim = c.req.valid('form').claim.trim()
        if (!parseClaim(claim))
          throw new Problem('bad-request', 'This is no claim. Make one, and download it there.')
        return c.body(`${claim}\n`, 200, {
          'content-type': 'text/plain; charset=utf-8',
          'content-disposition': `attachment; filename="${CLAIM_FILE_NAME}"`,
        })
      })
      .get('/claims/:id', async (c) =>
        c.html(claimPage(await claimOf(c.req.param('id')), c.get('operator'), now())),
      )
      .post('/claims/:id/revoke', async (c) => {
        const { id } = await claimOf(c.req.param('id'))
        await enrolment.revokeClaim(id)
        return c.redirect('/console/claims', 303)
      })
  )
}
