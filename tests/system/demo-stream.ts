import { expectStatus } from './eventually.ts'

/** More than a report lives, so that the control plane must have heard anew; and more than an encoder has left to flush. */
const SEGMENTS = 4

/** Whole: the control plane names the demo, and through the relay several segments have come since `before`. */
export async function movedOn(before: number): Promise<void> {
  await expectStatus('http://127.0.0.1:9090/streams/demo', 200)
  const newest = await newestSegment()
  if (newest < before + SEGMENTS)
    throw new Error(`the newest segment is ${newest}, ${before} was there before`)
}

/** Number of the newest segment that a viewer can really fetch through the relay. Numbers go on across runs. */
export async function newestSegment(stream = 'demo'): Promise<number> {
  const media = await last(`http://127.0.0.1:8080/${stream}/index.m3u8`)
  const segment = await last(media)
  await (await expectStatus(segment, 200)).bytes()
  return Number(segment.match(/-(\d+)\.m4s$/)?.[1])
}

async function last(playlist: string): Promise<string> {
  const text = await (await expectStatus(playlist, 200)).text()
  const uri = text
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .at(-1)
  return new URL(uri ?? '', playlist).href
}
