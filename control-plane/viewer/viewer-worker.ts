// The service worker of the public pages, sent with its types stripped; `/worker.js` says of which version it is. It knows of what
// viewers see alone: console, API and events go by it untouched.

{
  type Extended = Event & { waitUntil: (until: Promise<unknown>) => void }
  type Fetched = Extended & { request: Request; respondWith: (answer: Promise<Response>) => void }
  type Told = Extended & { data: unknown }
  type Heard = { install: Extended; activate: Extended; fetch: Fetched; message: Told }
  type Worker = {
    addEventListener: <Name extends keyof Heard>(name: Name, heard: (event: Heard[Name]) => void) => void
    skipWaiting: () => Promise<void>
    clients: { claim: () => Promise<void> }
    version: string
  }

  const worker = self as unknown as Worker
  const CACHE = `sixcast-${worker.version}`
  /** A control plane that hangs is away; hls.js waits four seconds for a playlist. */
  const PATIENCE_MS = 2500
  const PAGE = /^\/(watch\/[\w-]+(\/dash)?)?$/
  const PLAYLIST = /^\/play\/[\w-]+$/
  const IMMUTABLE = /^\/(assets|poster)\//

  worker.addEventListener('install', (event) =>
    event.waitUntil(keepPage('/').finally(() => worker.skipWaiting())),
  )
  worker.addEventListener('activate', (event) => event.waitUntil(takeOver()))
  worker.addEventListener('message', (event) => {
    // A landing page tells which streams its viewer may want to open next.
    if (Array.isArray(event.data)) event.waitUntil(keepMissing(event.data.map(String)))
  })
  worker.addEventListener('fetch', (event) => {
    const { request } = event
    const { origin, pathname } = new URL(request.url)
    if (origin !== location.origin || request.method !== 'GET') return
    if (IMMUTABLE.test(pathname)) event.respondWith(fromCacheFirst(event))
    if (PLAYLIST.test(pathname)) event.respondWith(freshOrKept(event, pathname))
    if (request.mode === 'navigate' && PAGE.test(pathname)) event.respondWith(openPage(event, pathname))
  })

  const cache = () => caches.open(CACHE)

  async function takeOver() {
    for (const name of await caches.keys())
      if (name.startsWith('sixcast-') && name !== CACHE) await caches.delete(name)
    await worker.clients.claim()
  }

  /** From the control plane; while that is away, as it was the last time. A search is answered with everything. */
  async function freshOrKept(event: Fetched, path: string): Promise<Response> {
    const { request } = event
    const answer = await withinPatience(fetch(request)).catch(() => undefined)
    if (answer?.ok && (path !== '/' || request.url.endsWith('/'))) event.waitUntil(keep(path, answer.clone()))
    if (answer?.status === 404) event.waitUntil(forget(path))
    if (answer && answer.status < 500) return answer
    const kept = await (await cache()).match(path, { ignoreVary: true })
    if (kept) return kept
    if (answer) return answer
    throw new TypeError(`${path} cannot be had`)
  }

  /** Where a page was never seen, what is known of all stands in for it. */
  const openPage = (event: Fetched, path: string) =>
    freshOrKept(event, path).catch((error: unknown) => {
      if (path === '/') throw error
      return Response.redirect('/')
    })

  async function fromCacheFirst(event: Fetched): Promise<Response> {
    const { request } = event
    const kept = await (await cache()).match(request, { ignoreVary: true })
    if (kept) return kept
    const answer = await fetch(request)
    if (answer.ok) event.waitUntil(keep(new URL(request.url).pathname, answer.clone()))
    return answer
  }

  async function keep(path: string, answer: Response) {
    const isPage = answer.headers.get('content-type')?.startsWith('text/html')
    const copy = isPage ? answer.clone() : undefined
    await (await cache()).put(path, answer)
    if (copy) await keepMissing((await copy.text()).match(/\/assets\/[\w.-]+/g) ?? [])
  }

  /** What there is no more, or was hidden, is not shown when nobody can be asked about it. */
  async function forget(path: string) {
    const [, name] = /^\/watch\/([\w-]+)/.exec(path) ?? []
    const gone = name ? [`/watch/${name}`, `/watch/${name}/dash`, `/play/${name}`] : [path]
    for (const each of gone) await (await cache()).delete(each, { ignoreVary: true })
  }

  async function keepPage(path: string) {
    const answer = await fetch(path).catch(() => undefined)
    if (answer?.ok) await keep(path, answer)
  }

  async function keepMissing(paths: string[]) {
    const kept = await cache()
    for (const path of new Set(paths))
      if ((IMMUTABLE.test(path) || PAGE.test(path)) && !(await kept.match(path, { ignoreVary: true })))
        await keepPage(path)
  }

  const withinPatience = (answer: Promise<Response>) =>
    Promise.race([
      answer,
      new Promise<never>((_, reject) => setTimeout(() => reject(new TypeError('no answer')), PATIENCE_MS)),
    ])
}
