import { sleep } from '../../shared/runtime/repeat.ts'
import { Refusal } from './refusal.ts'

type Demo = { manifest: string; location: string }

/** Resolves once a stream is there for viewers: its manifest, a media playlist and a segment were fetched, and the control plane says where it is. */
export async function becomesPlayable(
  { manifest, location }: Demo,
  whyNot: () => string,
  patienceMs = 60_000,
) {
  const giveUpAt = Date.now() + patienceMs
  while (!((await isPlayable(manifest)) && (await read(location)) !== undefined)) {
    if (Date.now() > giveUpAt) throw new Refusal(`The demo stream does not become playable. ${whyNot()}`)
    await sleep(50)
  }
}

async function isPlayable(manifest: string): Promise<boolean> {
  const playlist = await firstLink(manifest)
  const segment = playlist && (await firstLink(playlist))
  return segment ? (await read(segment)) !== undefined : false
}

/** The first line of a playlist that is a link. */
async function firstLink(url: string): Promise<string | undefined> {
  const link = (await read(url))?.split('\n').find((line) => line && !line.startsWith('#'))
  return link && new URL(link, url).href
}

async function read(url: string): Promise<string | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
  if (response?.ok) return response.text()
  await response?.body?.cancel()
  return undefined
}
