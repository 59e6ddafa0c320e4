import { eventually, expectStatus } from '../tests/system/eventually.ts'
import { childrenOf } from './process-use.ts'

const NODE = 'http://127.0.0.1:8083'
export const RTMP = 'rtmp://127.0.0.1:1935/stream'

/** The newest segment of every rendition can be fetched from the node. */
export async function segmentsPlayable(name: string): Promise<void> {
  const index = `${NODE}/streams/${name}/index.m3u8`
  for (const variant of uris(await (await expectStatus(index, 200)).text())) {
    const media = new URL(variant, index).href
    const segment = uris(await (await expectStatus(media, 200)).text()).at(-1)
    if (!segment) throw new Error(`${media} has no segment yet`)
    await (await expectStatus(new URL(segment, media).href, 200)).bytes()
  }
}

/** Its session is over: whoever publishes under its name next begins another. */
export async function streamOver(name: string): Promise<void> {
  await eventually(async () => {
    const response = await fetch(`${NODE}/streams/${name}`)
    const { state } = await response.json()
    if (response.status !== 404 && state !== 'ended') throw new Error(`${name} is ${state}`)
  })
}

/** The encoders that media runs now, each with its whole command. */
export function encodersOf(media: number): { pid: number; command: string[] }[] {
  return childrenOf(media)
    .map(({ pid, command }) => ({ pid, command: command.slice(command.indexOf('ffmpeg')) }))
    .filter(({ command }) => command.includes('-filter_complex'))
}

/** As the node tells it: below 1 it falls behind. */
export async function encoderSpeed(name: string): Promise<number | undefined> {
  const view = await (await fetch(`${NODE}/streams/${name}`)).json()
  return view.encoder?.speed ?? undefined
}

/** How many video renditions a command encodes. */
export const renditionsOf = (command: string[]): number =>
  command.filter((word, at) => word === '-c:v' && !['mjpeg', 'copy'].includes(command[at + 1] ?? '')).length

const uris = (text: string) => text.split('\n').filter((line) => line && !line.startsWith('#'))
