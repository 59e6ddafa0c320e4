import { parseArgs } from 'node:util'
import { describe } from '../../shared/runtime/log.ts'

// Run at a viewer's place: opens the landing page, asks where to go, and fetches what a player would, first from there and then
// through the relay. Says what it got as one line of JSON.

const PATIENCE_MS = 4000

const { values } = parseArgs({ options: { page: { type: 'string' }, stream: { type: 'string' } } })
const { page = '', stream = '' } = values
process.stdout.write(`${JSON.stringify(await look())}\n`)

async function look() {
  const tried: { way: string; playlist: string; failure: string }[] = []
  try {
    const listed = (await (await get(page)).text()).includes(`/watch/${stream}`)
    for (const { way, playlist } of await ways()) {
      const found = await newestSegment(playlist).catch(describe)
      if (typeof found !== 'string') return { stream, listed, way, playlist, ...found, tried }
      tried.push({ way, playlist, failure: found })
    }
    return { stream, listed, tried }
  } catch (error) {
    return { stream, failure: describe(error), tried }
  }
}

async function ways() {
  const sent = await fetch(`${page}/go/${stream}`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const playlist = sent.headers.get('location')
  if (!playlist) throw new Error(`/go/${stream} answers ${sent.status}`)
  const relay = `http://${new URL(page).hostname}:8080/`
  const throughRelay = { way: 'relay', playlist: `${relay}${stream}/index.m3u8` }
  return playlist.startsWith(relay) ? [throughRelay] : [{ way: 'node', playlist }, throughRelay]
}

async function newestSegment(playlist: string) {
  const rendition = (await links(playlist))[0] ?? ''
  const segment = (await links(rendition)).at(-1) ?? ''
  const bytes = (await (await get(segment)).bytes()).length
  return { segment, bytes }
}

/** The links of a playlist, in whole. */
async function links(url: string): Promise<string[]> {
  const lines = (await (await get(url)).text()).split('\n')
  return lines.filter((line) => line && !line.startsWith('#')).map((line) => new URL(line, url).href)
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
  if (!response.ok) throw new Error(`${url} answers ${response.status}`)
  return response
}
