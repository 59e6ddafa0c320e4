import { expect, test } from 'vitest'
import { look } from '../look/look.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { HASH, live, openPages, stateIn } from './start-test-pages.ts'

test('a page says to who is sent its link what it shows, with the live picture or the poster', async () => {
  const metaOf = async (stream: StreamView) =>
    Object.fromEntries(
      [
        ...(await openPages(stream).text('/watch/harbour')).matchAll(
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
  const { get, text } = openPages({ ...live, state: 'ended', poster: HASH })
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
  const fleet = openPages(
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
  const page = await openPages({ ...live, title: 'A "<b>' }).text('/watch/harbour')
  expect(page).toContain('value="https://cast.example/watch/harbour"')
  expect(page).toContain(
    '&lt;iframe src=&quot;https://cast.example/embed/harbour&quot; title=&quot;A &amp;quot;&amp;lt;b>&quot;'.replace(
      'b>',
      'b&gt;',
    ),
  )
})

test('the pages are an app: it says how it is installed, and its worker is another when what it keeps is another', async () => {
  const { get, text } = openPages(live)
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
