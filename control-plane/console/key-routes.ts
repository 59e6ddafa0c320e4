import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import { keyPage } from './key-page.ts'
import { type StreamPage, streamPage } from './stream-page.ts'

type Dependencies = {
  streamCatalog: Pick<ConsoleDependencies['streamCatalog'], 'createKey' | 'rotateKeys' | 'revokeKey'>
  detail: (name: string) => Promise<Omit<StreamPage, 'operator' | 'now'>>
  now: () => Date
}

const RotateForm = z.object({ name: z.string().max(100) })
const RevokeForm = z.object({ id: z.string().max(100) })

/** The keys of a stream: made, replaced, taken back. */
export function keyRoutes({ streamCatalog, detail, now }: Dependencies) {
  async function shownOnce(c: Context<OperatorEnv>, make: (name: string) => Promise<{ secret: string }>) {
    const name = c.req.param('name') ?? ''
    const { secret } = await make(name)
    const shown = { ...(await detail(name)), secret, operator: c.get('operator'), now: now() }
    return c.html(streamPage(shown))
  }

  const keyDetail = async (name: string, id: string) => {
    const { stream, keys } = await detail(name)
    const key = keys.find((one) => one.id === id && !one.revokedAt)
    if (!key) throw new Problem('not-found', 'There is no such key, or it is revoked already.')
    return { stream, key }
  }

  return (
    new Hono<OperatorEnv>()
      // Answered without a redirect: the key is kept nowhere from which another request could show it.
      .post('/:name/keys', (c) => shownOnce(c, streamCatalog.createKey))
      .post('/:name/keys/rotate', accept('form', RotateForm), async (c) => {
        const name = c.req.param('name')
        const typed = c.req.valid('form').name.trim()
        if (typed === name) return shownOnce(c, streamCatalog.rotateKeys)
        const page = {
          ...(await detail(name)),
          rotateProblem: `That was not “${name}”. Nothing was changed.`,
        }
        return c.html(streamPage({ ...page, operator: c.get('operator'), now: now() }), 400)
      })
      .get('/:name/keys/:id', async (c) => {
        const found = await keyDetail(c.req.param('name'), c.req.param('id'))
        return c.html(keyPage({ ...found, operator: c.get('operator'), now: now() }))
      })
      .post('/:name/keys/:id/revoke', accept('form', RevokeForm), async (c) => {
        const found = await keyDetail(c.req.param('name'), c.req.param('id'))
        if (c.req.valid('form').id.trim() !== found.key.id) {
          const problem = `That was not “${found.key.id}”. Nothing was changed.`
          return c.html(keyPage({ ...found, operator: c.get('operator'), now: now(), problem }), 400)
        }
        await streamCatalog.revokeKey(found.stream.name, found.key.id)
        return c.redirect(`/console/streams/${found.stream.name}`, 303)
      })
  )
}
