import { StreamName } from '@sixcast/shared/contract/names.ts'
import type { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept, problemOf } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { pageSecurity } from '../look/page-security.ts'
import { sendChanges } from '../look/send-changes.ts'
import { sharedReading } from '../look/shared-reading.ts'
import { wantsPage } from '../look/wants-page.ts'
import type { PosterRepository } from '../streams/poster-repository.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { appRoutes } from './app-routes.ts'
import { dashPage } from './dash-page.ts'
import { embedPage } from './embed-page.ts'
import { landingNow, landingPage } from './landing-page.ts'
import { livePictures } from './live-pictures.ts'
import { pictureRoutes } from './picture-routes.ts'
import type { SeenFrom } from './stream-links.ts'
import { LANGUAGES, type Language, languageOf, type Texts, textsIn } from './texts/viewer-texts.ts'
import { viewerAssets } from './viewer-assets.ts'
import { problemPage, unknownAddressPage, unknownStreamPage } from './viewer-error-page.ts'
import { watchPage, watchState } from './watch-page.ts'

type Dependencies = {
  streamViews: {
    list: () => Promise<StreamView[]>
    find: (name: string) => Promise<StreamView | undefined>
  }
  /** Where crawlers and who is sent a link find this control plane. */
  publicUrl: string
  relayPort: number
  /** Where we reach the relay ourselves. */
  relayUrl?: string
  posters: Pick<PosterRepository, 'find'>
  /** Told what no page can mend. */
  report: (error: unknown) => void
  /** Names the failures that pass by themselves (a lost database). */
  recognise: (error: unknown) => Problem | undefined
  readEveryMs?: number
  now?: () => Date
}

/** The public pages: what is live, and a page for each stream. */
export function viewerRoutes({
  streamViews,
  publicUrl,
  relayPort,
  relayUrl,
  posters,
  report,
  recognise,
  readEveryMs = 1000,
  now = () => new Date(),
}: Dependencies) {
  const streams = sharedReading({
    read: streamViews.list,
    everyMs: readEveryMs,
    isSame: (one, other) => JSON.stringify(one, uncounted) === JSON.stringify(other, uncounted),
    report,
  })
  /** One that is hidden is as none. */
  async function find(name: string) {
    const stream = StreamName.safeParse(name).success ? await streamViews.find(name) : undefined
    return stream?.shown === 'hidden' ? undefined : stream
  }
  const isOpen = ({ name, shown }: StreamView, sought: string) => name === sought && shown !== 'hidden'
  const seenFrom = (c: Context, language?: Language): SeenFrom => ({
    requestHost: new URL(c.req.url).hostname,
    relayPort,
    publicUrl,
    now: now(),
    texts: language ? textsIn(language) : textsFor(c),
  })

  const pages = new Hono()
    .route('/', viewerAssets.routes)
    .route('/', appRoutes(textsFor))
    .route('/', pictureRoutes({ pictures: livePictures({ relayUrl }), posters, find }))
    .use('/', viewerSecurity, byLanguage)
    .use('/watch/*', viewerSecurity, byLanguage)
    .use('/embed/*', embedSecurity, byLanguage)
    .get('/', accept('query', LandingQuery), async (c) =>
      c.html(landingPage(await streamViews.list(), c.req.valid('query').q, seenFrom(c))),
    )
    .get('/watch/:name', async (c) => {
      const stream = await find(c.req.param('name'))
      if (!stream) return c.html(unknownStreamPage(c.req.param('name'), textsFor(c)), 404)
      return c.html(watchPage(stream, seenFrom(c)))
    })
    .get('/watch/:name/dash', async (c) => {
      const stream = await find(c.req.param('name'))
      if (!stream) return c.html(unknownStreamPage(c.req.param('name'), textsFor(c)), 404)
      return c.html(dashPage(stream, seenFrom(c)))
    })
    .get('/embed/:name', async (c) => {
      const stream = await find(c.req.param('name'))
      if (!stream) return c.html(unknownStreamPage(c.req.param('name'), textsFor(c)), 404)
      return c.html(embedPage(stream, seenFrom(c)))
    })
    .get('/events/landing', accept('query', LandingQuery.extend(InLanguage.shape)), (c) => {
      const { q, lang } = c.req.valid('query')
      const render = async (list: StreamView[]) => String(await landingNow(list, q, seenFrom(c, lang)))
      return sendChanges(c, { of: streams, report, render })
    })
    .get('/events/watch/:name', accept('query', InLanguage), async (c) => {
      const { lang } = c.req.valid('query')
      const name = c.req.param('name')
      if (!(await find(name))) return c.notFound()
      const render = (list: StreamView[]) => {
        const stream = list.find((one) => isOpen(one, name))
        return stream ? JSON.stringify(watchState(stream, seenFrom(c, lang))) : ''
      }
      return sendChanges(c, { of: streams, report, render })
    })

  pages.onError((error, c) => {
    const problem = recognise(error) ?? problemOf(error)
    if (problem.code === 'bug') report(error)
    return c.html(problemPage(problem, textsFor(c)), problem.status)
  })
  return pages
}

/** How many watch is another each second, and not worth telling a thousand pages: it goes along with what is told anyhow. */
const uncounted = (key: string, value: unknown) => (key === 'viewers' ? undefined : value)

const textsFor = (c: Context): Texts => textsIn(languageOf(c.req.header('accept-language')))

/** A cache may hand a page only to who reads the same language. */
const byLanguage = createMiddleware(async (c, next) => {
  await next()
  c.header('vary', 'accept-language', { append: true })
})

/** Events speak the language of the page that they are sent to. */
const InLanguage = z.object({ lang: z.enum(LANGUAGES).optional().catch(undefined) })

/** What a viewer looks for. */
const LandingQuery = z.object({ q: z.string().trim().max(100).default('') })

/** Pictures and playlists come from the nodes, whose addresses change; hls.js works from blobs; the service worker is our own. */
const sources = {
  imgSrc: ["'self'", 'http:', 'https:'],
  mediaSrc: ['blob:', 'http:', 'https:'],
  connectSrc: ["'self'", 'http:', 'https:'],
  workerSrc: ["'self'", 'blob:'],
}
const viewerSecurity = pageSecurity(sources)
const embedSecurity = pageSecurity(sources, 'anybody')

/** Mounted last: whoever mistypes an address in a browser is told so on a page. */
export const unknownAddressRoutes = new Hono().get(
  '*',
  (c, next) => (wantsPage(c) ? viewerSecurity(c, next) : c.notFound()),
  (c) => c.html(unknownAddressPage(textsFor(c)), 404),
)
