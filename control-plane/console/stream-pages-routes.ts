import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { ChosenMirrors } from '../mirrors/mirror-choice.ts'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { NewStream } from '../streams/new-stream.ts'
import type { Shown } from '../streams/stream-listing.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import type { Fleet } from './fleet-words.ts'
import { keyRoutes } from './key-routes.ts'
import type { LiveFleet } from './live-fleet.ts'
import type { TypedMirrors } from './mirrors-section.ts'
import { posterRoutes } from './poster-routes.ts'
import { refusalOf } from './refusal-of.ts'
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
/** A choice with all that stands in the form; only what belongs to it counts. */
const MirrorsForm = z
  .object({
    choice: z.enum(['rule', 'copies', 'nodes']),
    copies: z.coerce.number(),
    node: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
  })
  .transform(({ node, ...form }): TypedMirrors => ({ ...form, nodes: node }))
const ListingForm = z.object({
  ...{ title: z.string(), description: z.string(), category: z.string() },
  ...{ shown: z.string(), place: z.string() },
})

export function streamPagesRoutes(
  { streamCatalog, streamPosters, mirrorDesk, streamSights, now = () => new Date() }: ConsoleDependencies,
  fleet: LiveFleet,
) {
  const detail = async (name: string) => {
    const present = await fleet.read()
    return {
      ...present,
      stream: streamOf(present, name),
      mirrors: present.mirrorsOf(name),
      keys: await streamCatalog.listKeys(name),
      seen: await streamSights.of(name),
    }
  }

  return new Hono<OperatorEnv>()
    .route('/', posterRoutes({ streamPosters, detail, now }))
    .route('/', keyRoutes({ streamCatalog, detail, now }))
    .get('/', async (c) => {
      const { streams } = await fleet.read()
      return c.html(streamsPage({ streams, operator: c.get('operator'), now: now() }))
    })
    .post('/', accept('form', StreamForm), async (c) => {
      const typed = c.req.valid('form')
      const problem = await refusalOf(streamCatalog.addStream(typed))
      if (!problem) return c.redirect(`/console/streams/${typed.name}`, 303)
      const { streams } = await fleet.read()
      const page = { streams, operator: c.get('operator'), now: now(), typed, problem: problem.message }
      return c.html(streamsPage(page), problem.status)
    })
    .get('/:name', async (c) => {
      const page = await detail(c.req.param('name'))
      return c.html(streamPage({ ...page, operator: c.get('operator'), now: now() }))
    })
    .post('/:name/mirrors', accept('form', MirrorsForm), async (c) => {
      const name = c.req.param('name')
      const typed = c.req.valid('form')
      const problem = await refusalOf(choose(name, typed, mirrorDesk))
      if (!problem) return c.redirect(`/console/streams/${name}`, 303)
      const page = { ...(await detail(name)), typed, problem: problem.message }
      return c.html(streamPage({ ...page, operator: c.get('operator'), now: now() }), problem.status)
    })
    .post('/:name/listing', accept('form', ListingForm), async (c) => {
      const name = c.req.param('name')
      const typed = c.req.valid('form')
      const said = { ...typed, place: Number(typed.place), shown: typed.shown as Shown }
      const problem = await refusalOf(streamCatalog.describeStream(name, said))
      if (!problem) return c.redirect(`/console/streams/${name}`, 303)
      const page = { ...(await detail(name)), listing: { typed, problem: problem.message } }
      return c.html(streamPage({ ...page, operator: c.get('operator'), now: now() }), problem.status)
    })
}

export const streamEventsRoutes = (
  { streamSights, now = () => new Date() }: ConsoleDependencies,
  fleet: LiveFleet,
) =>
  new Hono<OperatorEnv>()
    .get('/events/streams', (c) => fleet.send(c, ({ streams }) => streamsNow(streams, now())))
    .get('/events/streams/:name', async (c) => {
      streamOf(await fleet.read(), c.req.param('name'))
      return fleet.send(c, async (present) => {
        const stream = streamOf(present, c.req.param('name'))
        const [mirrors, seen] = [present.mirrorsOf(stream.name), await streamSights.of(stream.name)]
        return streamNow({ ...present, stream, mirrors, seen, now: now() })
      })
    })

function streamOf({ streams }: Fleet, name: string) {
  const stream = streams.find((one) => one.name === name)
  if (!stream) throw new Problem('unknown-stream')
  return stream
}

async function choose(name: string, typed: TypedMirrors, mirrorDesk: ConsoleDependencies['mirrorDesk']) {
  const said = { rule: { rule: true }, copies: { copies: typed.copies }, nodes: { nodes: typed.nodes } }
  const { success, data, error } = ChosenMirrors.safeParse(said[typed.choice])
  if (!success) throw new Problem('bad-request', `${issuesSentence(error.issues, 'The choice')}.`)
  await mirrorDesk.choose(name, data)
}
