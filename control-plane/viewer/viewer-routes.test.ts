import { Problem } from '@sixcast/shared/contract/problem.ts'
import { HTTPException } from 'hono/http-exception'
import { expect, test } from 'vitest'
import { look } from '../look/look.ts'
import { Away, eventsOf, live, now, openPages, stateIn } from './start-test-pages.ts'

test('the landing page shows what is live, and only that', async () => {
  const { text } = openPages(live, { ...live, name: 'old', title: 'Old', state: 'waiting' })
  const page = await text('/')
  expect(page).toContain('href="/watch/harbour"')
  expect(page).toContain('src="http://[2001:4dd0::7]:8084/harbour/thumbnail.jpg"')
  expect(page).toContain('Live for 12 min · 720p')
  expect(page).not.toContain('Old')
})

test('a card says how many watch, where nodes tell of somebody', async () => {
  expect(await openPages({ ...live, viewers: 1 }).text('/')).toContain('720p · 1 viewer<')
  expect(await openPages({ ...live, viewers: 1234 }).text('/')).toContain('720p · 1,234 viewers<')
  for (const untold of [live, { ...live, viewers: 0 }])
    expect(await openPages(untold).text('/')).not.toMatch(/viewers?</)
})

test('one stream alone has the whole width', async () => {
  expect(await openPages(live).text('/')).toContain('class="cards alone"')
  expect(await openPages(live, { ...live, name: 'b' }).text('/')).toContain('class="cards"')
})

test('when nothing is live the landing page says so', async () => {
  expect(await openPages({ ...live, state: 'ended' }).text('/')).toContain('Nothing is live')
})

test.each(['/', '/watch/harbour'])('a title cannot become markup (%s)', async (path) => {
  const evil = '"><script>alert(1)</script>'
  const page = await openPages({ ...live, title: evil, description: evil }).text(path)
  expect(page).not.toContain('<script>')
  expect(page).toContain('&lt;script&gt;')
})

test('a watch page carries all its player needs', async () => {
  const page = await openPages(live).text('/watch/harbour')
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
  const { text } = openPages({ ...live, host: '127.0.0.1:8084' })
  expect(stateIn(await text('/watch/harbour', '192.168.1.5:9090')).playlist).toBe(
    'http://192.168.1.5:8084/harbour/index.m3u8',
  )
  expect(stateIn(await text('/watch/harbour', 'localhost:9090')).playlist).toBe(
    'http://127.0.0.1:8084/harbour/index.m3u8',
  )
})

test('what is the matter stands on the picture before any script has run', async () => {
  const page = await openPages({ ...live, state: 'waiting' }).text('/watch/harbour')
  expect(page).toMatch(/<p class="matter"[^>]*>The encoder is away\./)
})

test.each(['nowhere', 'a%20b', '..%2f', "a'%20or%20''='", '%ff', '%zz'])(
  'a page for the stream “%s” does not exist, and says so in words',
  async (name) => {
    const fleet = openPages(live)
    const response = await fleet.get(`/watch/${name}`)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('There is no stream called')
    expect((await fleet.get(`/events/watch/${name}`)).status).toBe(404)
    if (name !== 'nowhere') expect(fleet.asked).toEqual([])
  },
)

test('while the database is away the pages say that they come back, and nothing is logged as a bug', async () => {
  const fleet = openPages(live)
  fleet.broken = new Away()
  for (const path of ['/', '/watch/harbour', '/events/watch/harbour']) {
    const response = await fleet.get(path)
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('http-equiv="refresh"')
  }
  expect(fleet.reported).toEqual([])
})

test('a bug is reported and shown as one, without detail', async () => {
  const fleet = openPages(live)
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
  const fleet = openPages(live)
  fleet.broken = problem
  const response = await fleet.get('/')
  expect([response.status, fleet.reported]).toEqual([status, []])
  expect(await response.text()).toContain(words)
})

test('pages run no script but their own, and reach nodes wherever these are', async () => {
  const policy = (await openPages(live).get('/watch/harbour')).headers.get('content-security-policy') ?? ''
  const directives = Object.fromEntries(policy.split('; ').map((each) => [each.split(' ')[0], each]))
  expect(directives).toMatchObject({
    'default-src': "default-src 'none'",
    'script-src': "script-src 'self'",
    'style-src': "style-src 'self'",
    'media-src': 'media-src blob: http: https:',
    'connect-src': "connect-src 'self' http: https:",
    'frame-ancestors': "frame-ancestors 'none'",
  })
  const page = await openPages(live).text('/watch/harbour')
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/)
  expect(page).not.toMatch(/\s(style|on\w+)="/)
})

test('everything a page refers to is served', async () => {
  const { get, text } = openPages(live)
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
  const fleet = openPages(live)
  const events = eventsOf(await fleet.get('/events/landing'))
  expect(await events.next()).toContain('data-stream="harbour"')
  fleet.streams = []
  expect(await events.next()).toContain('Nothing is live')
  await events.end()
})

test('an open watch page is told each state of its stream, and no other’s', async () => {
  const fleet = openPages(live, { ...live, name: 'other' })
  const events = eventsOf(await fleet.get('/events/watch/harbour'))
  const next = async () =>
    JSON.parse((await events.next()).replace(/^event: change\ndata: /, '').split('\n')[0] ?? '')
  expect(await next()).toMatchObject({ state: 'live', title: 'The harbour' })
  fleet.streams = [live, { ...live, name: 'other', state: 'ended' }]
  fleet.streams = [{ ...live, state: 'waiting' }]
  expect(await next()).toMatchObject({ state: 'waiting', matter: expect.stringContaining('encoder is away') })
  await events.end()
})

test('the DASH page is linked from the watch page, and back', async () => {
  const { text, get } = openPages({ ...live, state: 'live' })
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
  const fleet = openPages({ ...live, state: 'waiting' })
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

const many = Array.from({ length: 8 }, (_, at) => ({ ...live, name: `s${at}`, title: `Quay ${at}` }))

test('streams stand under their headings, in their places, those without a heading first', async () => {
  const page = await openPages(
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
  const { text, get } = openPages(
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
  const { text } = openPages(...many, { ...live, name: 'zoo', title: 'Zoo', description: '<i>Seals</i>' })
  expect(await text('/')).toContain('role="search"')
  expect(await openPages(live).text('/')).not.toContain('role="search"')
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
  const page = await openPages(was('older', 30), was('late', 2), was('forgotten', 200)).text('/')
  expect([...page.matchAll(/<a href="\/watch\/(\w+)">/g)].map(([, name]) => name)).toEqual(['late', 'older'])
  expect(page).toContain('2 h ago')
})
