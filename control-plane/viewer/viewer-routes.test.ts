import { Problem } from '@sixcast/shared/contract/problem.ts'
import { HTTPException } from 'hono/http-exception'
import { expect, test } from 'vitest'
import { look } from '../look/look.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { viewerRoutes } from './viewer-routes.ts'

const now = new Date('2026-11-20T12:00:00Z')
const live: StreamView = {
  name: 'harbour',
  title: 'The harbour',
  description: 'Day and night',
  open: false,
  state: 'live',
  host: '[2001:4dd0::7]:8084',
  manifest: 'index.m3u8',
  session: 'saaaaaaaaaaaa',
  since: new Date('2026-11-20T11:48:00Z'),
  height: 720,
}

/** The public pages over streams that the test may change. */
function open(...streams: StreamView[]) {
  const fleet = {
    streams,
    broken: undefined as Error | undefined,
    asked: [] as string[],
    reported: [] as unknown[],
  }
  const fail = () => {
    if (fleet.broken) throw fleet.broken
  }
  const app = viewerRoutes({
    streamViews: {
      async list() {
        fail()
        return fleet.streams
      },
      async find(name) {
        fail()
        fleet.asked.push(name)
        return fleet.streams.find((stream) => stream.name === name)
      },
    },
    publicUrl: 'https://cast.example',
    posters: {
      find: async (name, hash) =>
        name === 'harbour' && hash === HASH ? { type: 'image/png', bytes: Buffer.from('poster') } : undefined,
    },
    relayPort: 8080,
    report: (error) => fleet.reported.push(error),
    recognise: (error) => (error instanceof Away ? new Problem('unavailable') : undefined),
    readEveryMs: 10,
    now: () => now,
  })
  return Object.assign(fleet, {
    get: (path: string, host = 'fleet.example', headers: Record<string, string> = {}) =>
      app.request(`http://${host}${path}`, { headers }),
    text: async (path: string, host?: string) =>
      (await app.request(`http://${host ?? 'fleet.example'}${path}`)).text(),
  })
}
class Away extends Error {}
const HASH = '0123456789abcdef'

test('the landing page shows what is live, and only that', async () => {
  const { text } = open(live, { ...live, name: 'old', title: 'Old', state: 'waiting' })
  const page = await text('/')
  expect(page).toContain('href="/watch/harbour"')
  expect(page).toContain('src="http://[2001:4dd0::7]:8084/harbour/thumbnail.jpg"')
  expect(page).toContain('Live for 12 min · 720p')
  expect(page).not.toContain('Old')
})

test('a card says how many watch, where nodes tell of somebody', async () => {
  expect(await open({ ...live, viewers: 1 }).text('/')).toContain('720p · 1 viewer<')
  expect(await open({ ...live, viewers: 1234 }).text('/')).toContain('720p · 1,234 viewers<')
  for (const untold of [live, { ...live, viewers: 0 }])
    expect(await open(untold).text('/')).not.toMatch(/viewers?</)
})

test('one stream alone has the whole width', async () => {
  expect(await open(live).text('/')).toContain('class="cards alone"')
  expect(await open(live, { ...live, name: 'b' }).text('/')).toContain('class="cards"')
})

test('when nothing is live the landing page says so', async () => {
  expect(await open({ ...live, state: 'ended' }).text('/')).toContain('Nothing is live')
})

test.each(['/', '/watch/harbour'])('a title cannot become markup (%s)', async (path) => {
  const evil = '"><script>alert(1)</script>'
  const page = await open({ ...live, title: evil, description: evil }).text(path)
  expect(page).not.toContain('<script>')
  expect(page).toContain('&lt;script&gt;')
})

test('a watch page carries all its player needs', async () => {
  const page = await open(live).text('/watch/harbour')
  expect(page).toContain('<title>The harbour · Sixcast</title>')
  expect(page).toContain('poster="http://[2001:4dd0::7]:8084/harbour/thumbnail.jpg"')
  expect(page).toContain('data-relay-port="8080"')
  expect(stateIn(page)).toEqual({
    state: 'live',
    session: 'saaaaaaaaaaaa',
    playlist: 'http://[2001:4dd0::7]:8084/harbour/index.m3u8',
    title: 'The harbour',
    description: 'Day and night',
    line: 'Live for 12 min · 720p',
    matter: '',
  })
})

test('a fleet on one machine is shown to its neighbours under the name they used', async () => {
  const { text } = open({ ...live, host: '127.0.0.1:8084' })
  expect(stateIn(await text('/watch/harbour', '192.168.1.5:9090')).playlist).toBe(
    'http://192.168.1.5:8084/harbour/index.m3u8',
  )
  expect(stateIn(await text('/watch/harbour', 'localhost:9090')).playlist).toBe(
    'http://127.0.0.1:8084/harbour/index.m3u8',
  )
})

test('what is the matter stands on the picture before any script has run', async () => {
  const page = await open({ ...live, state: 'waiting' }).text('/watch/harbour')
  expect(page).toMatch(/<p class="matter"[^>]*>The encoder is away\./)
})

test.each(['nowhere', 'a%20b', '..%2f', "a'%20or%20''='", '%ff', '%zz'])(
  'a page for the stream “%s” does not exist, and says so in words',
  async (name) => {
    const fleet = open(live)
    const response = await fleet.get(`/watch/${name}`)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('There is no stream called')
    expect((await fleet.get(`/events/watch/${name}`)).status).toBe(404)
    if (name !== 'nowhere') expect(fleet.asked).toEqual([])
  },
)

test('while the database is away the pages say that they come back, and nothing is logged as a bug', async () => {
  const fleet = open(live)
  fleet.broken = new Away()
  for (const path of ['/', '/watch/harbour', '/events/watch/harbour']) {
    const response = await fleet.get(path)
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('http-equiv="refresh"')
  }
  expect(fleet.reported).toEqual([])
})

test('a bug is reported and shown as one, without detail', async () => {
  const fleet = open(live)
  fleet.broken = new TypeError('secret detail')
  const response = await fleet.get('/')
  expect(response.status).toBe(500)
  const page = await response.text()
  expect(page).toContain('This page cannot be shown')
  expect(page).not.toMatch(/secret detail|http-equiv="refresh"/)
  expect(fleet.reported).toEqual([fleet.broken])
})

test.each([
  [new Problem('too-many', 'Too many questions. Wait a minute.'), 429, 'Too many questions. Wait a minute.'],
  [new Problem('not-found'), 404, 'There is no page at this address'],
  [new HTTPException(400, { message: 'Malformed' }), 400, 'This request was not understood'],
])('%s keeps its status, and is nobody’s bug', async (problem, status, words) => {
  const fleet = open(live)
  fleet.broken = problem
  const response = await fleet.get('/')
  expect([response.status, fleet.reported]).toEqual([status, []])
  expect(await response.text()).toContain(words)
})

test('pages run no script but their own, and reach nodes wherever these are', async () => {
  const policy = (await open(live).get('/watch/harbour')).headers.get('content-security-policy') ?? ''
  const directives = Object.fromEntries(policy.split('; ').map((each) => [each.split(' ')[0], each]))
  expect(directives).toMatchObject({
    'default-src': "default-src 'none'",
    'script-src': "script-src 'self'",
    'style-src': "style-src 'self'",
    'media-src': 'media-src blob: http: https:',
    'connect-src': "connect-src 'self' http: https:",
    'frame-ancestors': "frame-ancestors 'none'",
  })
  const page = await open(live).text('/watch/harbour')
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/)
  expect(page).not.toMatch(/\s(style|on\w+)="/)
})

test('everything a page refers to is served', async () => {
  const { get, text } = open(live)
  const pages = (await text('/')) + (await text('/watch/harbour'))
  const assets = [...new Set(pages.match(/\/assets\/[^"]+/g))]
  const names = assets.map((path) => path.replace(/^\/assets\/(.+)-[0-9a-f]{12}/, '$1'))
  expect(names).toEqual(
    expect.arrayContaining(['watch.css', 'controls.css', 'landing.js', 'player.js', 'hls.js']),
  )
  expect(names, 'what player.ts imports is fetched along with it').toContain('watchdog.js')
  for (const path of assets) {
    const shared = await look.routes.request(path)
    expect(shared.ok || (await get(path)).ok, path).toBe(true)
  }
})

test('an open landing page is sent its cards again when they change', async () => {
  const fleet = open(live)
  const events = eventsOf(await fleet.get('/events/landing'))
  expect(await events.next()).toContain('data-stream="harbour"')
  fleet.streams = []
  expect(await events.next()).toContain('Nothing is live')
  await events.end()
})

test('an open watch page is told each state of its stream, and no other’s', async () => {
  const fleet = open(live, { ...live, name: 'other' })
  const events = eventsOf(await fleet.get('/events/watch/harbour'))
  const next = async () =>
    JSON.parse((await events.next()).replace(/^event: change\ndata: /, '').split('\n')[0] ?? '')
  expect(await next()).toMatchObject({ state: 'live', title: 'The harbour' })
  fleet.streams = [live, { ...live, name: 'other', state: 'ended' }]
  fleet.streams = [{ ...live, state: 'waiting' }]
  expect(await next()).toMatchObject({ state: 'waiting', matter: expect.stringContaining('encoder is away') })
  await events.end()
})

function stateIn(page: string) {
  const [, state = ''] = /data-state="([^"]*)"/.exec(page) ?? []
  return JSON.parse(state.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
}

function eventsOf(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  return {
    next: async () => (await reader?.read())?.value ?? '',
    end: async () => reader?.cancel(),
  }
}

test('the DASH page is linked from the watch page, and back', async () => {
  const { text, get } = open({ ...live, state: 'live' })
  expect(await text('/watch/harbour')).toContain('<a href="/watch/harbour/dash">DASH</a>')
  const page = await text('/watch/harbour/dash')
  expect(page).toContain('<a href="/watch/harbour">Watch by HLS</a>')
  expect(page).toContain('data-engine="dash"')
  expect(page).toContain('/harbour/manifest.mpd"')
  expect(page).toMatch(/<script type="module" src="\/assets\/dash-[0-9a-f]+\.js">/)
  expect(page).not.toMatch(/src="\/assets\/hls-[0-9a-f]+\.js"/)
  expect((await get('/watch/nowhere/dash')).status).toBe(404)
})

test('who reads Spanish is spoken to in Spanish, by pages, refusals and events', async () => {
  const fleet = open({ ...live, state: 'waiting' })
  const ask = (path: string) => fleet.get(path, undefined, { 'accept-language': 'es-MX,es;q=0.9' })
  const landing = await ask('/')
  expect(landing.headers.get('vary')).toMatch(/accept-language/i)
  expect(await landing.text()).toMatch(/<html lang="es">[\s\S]*\?lang=es[\s\S]*No hay nada en directo/)
  expect(await (await ask('/watch/harbour')).text()).toContain('El codificador no envía nada')
  expect(await (await ask('/watch/nowhere')).text()).toContain('No hay ninguna emisión llamada «nowhere»')
  const events = eventsOf(await fleet.get('/events/landing?lang=es'))
  expect(await events.next()).toContain('No hay nada en directo')
  await events.end()
})

test('a page says to who is sent its link what it shows, with the live picture or the poster', async () => {
  const metaOf = async (stream: StreamView) =>
    Object.fromEntries(
      [
        ...(await open(stream).text('/watch/harbour')).matchAll(
          /<meta (?:property|name)="([^"]+)" content="([^"]*)"/g,
        ),
      ].map(([, name, content]) => [name, content]),
    )
  expect(await metaOf(live)).toMatchObject({
    'og:title': 'The harbour',
    'og:description': 'Day and night',
    'og:url': 'https://cast.example/watch/harbour',
    'og:image': 'https://cast.example/picture/harbour.jpg',
    'twitter:card': 'summary_large_image',
  })
  const over = { ...live, state: 'ended' } as const
  expect((await metaOf({ ...over, poster: HASH }))['og:image']).toBe(
    `https://cast.example/poster/harbour/${HASH}`,
  )
  expect(await metaOf(over)).toMatchObject({ 'twitter:card': 'summary' })
  expect(await metaOf({ ...live, shown: 'unlisted' })).toMatchObject({ robots: 'noindex' })
})

test('a poster is served for ever under its hash, and stands on the page while nothing is live', async () => {
  const { get, text } = open({ ...live, state: 'ended', poster: HASH })
  const answer = await get(`/poster/harbour/${HASH}`)
  expect([answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
    'image/png',
    'public, max-age=31536000, immutable',
  ])
  expect(await text('/watch/harbour')).toContain(`poster="/poster/harbour/${HASH}"`)
  expect((await get('/picture/harbour.jpg')).headers.get('location')).toBe(`/poster/harbour/${HASH}`)
  expect((await get('/poster/harbour/ffffffffffffffff')).status).toBe(404)
  expect((await get('/picture/nowhere.jpg')).status).toBe(404)
})

test('only the page for other pages may stand in a frame, and it is the player and its title alone', async () => {
  const fleet = open(
    live,
    { ...live, name: 'rehearsal', shown: 'unlisted' },
    { ...live, name: 'secret', shown: 'hidden' },
  )
  const embedded = await fleet.get('/embed/harbour')
  expect(embedded.headers.get('content-security-policy')).toContain('frame-ancestors *')
  expect(embedded.headers.get('x-frame-options')).toBeNull()
  expect(embedded.headers.getSetCookie()).toEqual([])
  const page = await embedded.text()
  expect(page).toContain('<a href="/watch/harbour" target="_blank" rel="noopener" id="title">The harbour</a>')
  expect(page).not.toContain('class="bar"')
  expect(stateIn(page)).toMatchObject({ state: 'live', session: 'saaaaaaaaaaaa' })
  expect((await fleet.get('/watch/harbour')).headers.get('x-frame-options')).toBe('DENY')
  expect([(await fleet.get('/embed/rehearsal')).status, (await fleet.get('/embed/secret')).status]).toEqual([
    200, 404,
  ])
  expect((await fleet.get('/picture/secret.jpg')).status).toBe(404)
})

test('what shows the player on another page is code that no title can break out of', async () => {
  const page = await open({ ...live, title: 'A "<b>' }).text('/watch/harbour')
  expect(page).toContain('value="https://cast.example/watch/harbour"')
  expect(page).toContain(
    '&lt;iframe src=&quot;https://cast.example/embed/harbour&quot; title=&quot;A &amp;quot;&amp;lt;b>&quot;'.replace(
      'b>',
      'b&gt;',
    ),
  )
})

test('the pages are an app: it says how it is installed, and its worker is another when what it keeps is another', async () => {
  const { get, text } = open(live)
  expect(await text('/')).toContain('<link rel="manifest" href="/manifest.webmanifest">')
  const manifest = await get('/manifest.webmanifest')
  expect(manifest.headers.get('content-type')).toBe('application/manifest+json')
  const { icons, ...rest } = await manifest.json()
  expect(rest).toMatchObject({ name: 'Sixcast', start_url: '/', display: 'standalone', lang: 'en' })
  for (const { src, type } of icons)
    expect((await look.routes.request(src)).headers.get('content-type')).toBe(type)
  const worker = await get('/worker.js')
  expect(worker.headers.get('cache-control')).toBe('no-cache')
  const [, version, script = ''] =
    (await worker.text()).match(/version = '([0-9a-f]{12})'\nimportScripts\('([^']+)'\)/) ?? []
  expect([version?.length, (await get(script)).status]).toEqual([12, 200])
})

const many = Array.from({ length: 8 }, (_, at) => ({ ...live, name: `s${at}`, title: `Quay ${at}` }))

test('streams stand under their headings, in their places, those without a heading first', async () => {
  const page = await open(
    { ...live, name: 'b', title: 'Bells', category: 'Town' },
    { ...live, name: 'a', title: 'Arrivals', category: 'Harbour' },
    { ...live, name: 'c', title: 'Council', category: 'Town', place: -1 },
    { ...live, name: 'z', title: 'Zoo' },
  ).text('/')
  const order = [...page.matchAll(/class="heading">([^<]+)|<strong>([^<]+)/g)].map(
    ([, one, other]) => one ?? other,
  )
  expect(order).toEqual(['Zoo', 'Town', 'Council', 'Bells', 'Harbour', 'Arrivals'])
})

test('an unlisted stream is watched by its link alone, a hidden one by nobody', async () => {
  const { text, get } = open(
    { ...live, name: 'rehearsal', title: 'Rehearsal', shown: 'unlisted' },
    { ...live, name: 'secret', title: 'Secret', shown: 'hidden' },
  )
  expect(await text('/')).toContain('Nothing is live')
  expect(await text('/')).not.toMatch(/Rehearsal|Secret/)
  expect((await get('/watch/rehearsal')).status).toBe(200)
  for (const path of ['/watch/secret', '/watch/secret/dash', '/events/watch/secret'])
    expect((await get(path)).status, path).toBe(404)
})

test('who has many to choose from can look for one, and finds what was said of it', async () => {
  const { text } = open(...many, { ...live, name: 'zoo', title: 'Zoo', description: '<i>Seals</i>' })
  expect(await text('/')).toContain('role="search"')
  expect(await open(live).text('/')).not.toContain('role="search"')
  const found = await text('/?q=SEALS')
  expect(found.match(/<strong>/g)).toHaveLength(1)
  expect(found).toContain('data-events="/events/landing?lang=en&amp;q=SEALS"')
  const none = await text('/?q=%3Cb%3E')
  expect(none).toContain('There is no “&lt;b&gt;” here')
  expect(none).not.toContain('<b>')
})

test('what was live lately is there too, the latest first', async () => {
  const was = (name: string, hours: number) => {
    const stateSince = new Date(now.getTime() - hours * 3_600_000)
    return { ...live, name, title: name, state: 'ended' as const, stateSince }
  }
  const page = await open(was('older', 30), was('late', 2), was('forgotten', 200)).text('/')
  expect([...page.matchAll(/<a href="\/watch\/(\w+)">/g)].map(([, name]) => name)).toEqual(['late', 'older'])
  expect(page).toContain('2 h ago')
})
