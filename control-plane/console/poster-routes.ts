import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import { refusalOf } from './refusal-of.ts'
import { type StreamPage, streamPage } from './stream-page.ts'

type Dependencies = Pick<ConsoleDependencies, 'streamPosters'> & {
  detail: (name: string) => Promise<Omit<StreamPage, 'operator' | 'now'>>
  now: () => Date
}

/** A browser sends an empty file where none was chosen. */
const PosterForm = z.object({ poster: z.instanceof(File) })

export const posterRoutes = ({ streamPosters, detail, now }: Dependencies) =>
  new Hono<OperatorEnv>()
    .post('/:name/poster', accept('form', PosterForm), async (c) => {
      const name = c.req.param('name')
      const bytes = Buffer.from(await c.req.valid('form').poster.arrayBuffer())
      const problem = await refusalOf(streamPosters.setPoster(name, bytes))
      if (!problem) return c.redirect(`/console/streams/${name}`, 303)
      const page = { ...(await detail(name)), posterProblem: problem.message }
      return c.html(streamPage({ ...page, operator: c.get('operator'), now: now() }), problem.status)
    })
    .post('/:name/poster/remove', async (c) => {
      const name = c.req.param('name')
      await streamPosters.removePoster(name)
      return c.redirect(`/console/streams/${name}`, 303)
    })
