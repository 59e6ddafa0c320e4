import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { NewStream } from '../streams/new-stream.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import type { Fleet } from './fleet-words.ts'
import { keyPage } from './key-page.ts'
import type { LiveFleet } from './live-fleet.ts'
import { streamNow, streamPage } from './stream-page.ts'
import { streamsNow, streamsPage } from './streams-page.ts'

/** As a browser sends it. Whether it makes a stream, the catalog says. */
const StreamForm = z
  .object({
    name: z.string().trim(),
    title: z.string().default(''),
    description: z.string().default(''),
    open: z.literal('on').optional(),
  })
  .transform(({ open, ...stream }): NewStream => ({ ...stream, open: open === 'on' }))
const RevokeForm = z.object({ id: z.string().max(100) })

export function streamPagesRoutes(
  { streamCatalog, now = () => new Date() }: ConsoleDependencies,
  fleet: LiveFleet,
) {
  const detail = async (name: string) => {
    const present = await fleet.read()
    return { ...present, stream: streamOf(present, name), keys: await streamCatalog.listKeys(name) }
  }
  const keyDetail = async (name: string, id: string) => {
    const { stream, keys } = await detail(name)
    const key = keys.find((one) => one.id === id && !one.revokedAt)
    if (!key) throw new Problem('not-found', 'There is no such key, or it is revoked already.')
    return { stream, key }
  }

  return (
    new Hono<OperatorEnv>()
      .get('/', async (c) => {
        const { streams } = await fleet.read()
        return c.html(streamsPage({ streams, operator: c.get('operator'), now: now() }))
      })
      .post('/', accept('form', StreamForm), async (c) => {
        const typed = c.req.valid('form')
        const problem = await problemOf(streamCatalog.addStream(typed))
        if (!problem) return c.redirect(`/console/streams/${typed.name}`, 303)
        const { streams } = await fleet.read()
        const page = { streams, operator: c.get('operator'), now: now(), typed, problem: problem.message }
        return c.html(streamsPage(page), problem.status)
      })
      .get('/:name', async (c) =>
        c.html(
          streamPage({ ...(await detail(c.req.param('name'))), operator: c.get('operator'), now: now() }),
        ),
      )
      // Answered without a redirect: the key is kept nowhere from which another request could show it.
      .post('/:name/keys', async (c) => {
        const name = c.req.param('name')
        const { secret } = await streamCatalog.createKey(name)
        const shown = { ...(await detail(name)), secret, operator: c.get('operator'), now: now() }
        return c.html(streamPage(shown))
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

export const streamEventsRoutes = ({ now = () => new Date() }: ConsoleDependencies, fleet: LiveFleet) =>
  new Hono<OperatorEnv>()
    .get('/events/streams', (c) => fleet.send(c, ({ streams }) => streamsNow(streams, now())))
    .get('/events/streams/:name', async (c) => {
      streamOf(await fleet.read(), c.req.param('name'))
      return fleet.send(c, (present) =>
        streamNow({ ...present, stream: streamOf(present, c.req.param('name')), now: now() }),
      )
    })

function streamOf({ streams }: Fleet, name: string) {
  const stream = streams.find((one) => one.name === name)
  if (!stream) throw new Problem('unknown-stream')
  return stream
}

/** What the operator can mend himself is said beside what he typed; the rest is not for here. */
const problemOf = (task: Promise<void>) =>
  task.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Problem) return error
      throw error
    },
  )
