import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import type { Deed } from './do-commands.ts'

/** What the green light of a Raspberry Pi is called, in newer and older kernels. */
const LIGHTS = ['ACT', 'led0']

/** Blinks the light of the board, if there is one that the agent may switch, and says in the log who it is. */
export const identify =
  ({
    name,
    log,
    folder = '/sys/class/leds',
    blinks = 20,
    blinkMs = 250,
  }: {
    name: () => string
    log: Pick<Log, 'info'>
    folder?: string
    blinks?: number
    blinkMs?: number
  }): Deed =>
  async (_, signal) => {
    log.info('it is me', { name: name(), message: 'Somebody asked this node to identify itself.' })
    const light = LIGHTS.map((each) => join(folder, each)).find((path) =>
      existsSync(join(path, 'brightness')),
    )
    if (!light) return 'This machine has no light that could blink. Its log says: it is me.'
    const trigger = takeOver(light)
    if (trigger === undefined)
      return 'The agent may not switch the light of this machine. Its log says: it is me.'
    try {
      for (let blink = 0; blink < blinks && !signal.aborted; blink += 1) {
        writeFileSync(join(light, 'brightness'), blink % 2 === 0 ? '1' : '0')
        await sleep(blinkMs, signal)
      }
    } finally {
      writeFileSync(join(light, 'trigger'), trigger)
    }
    return `Its light blinked for ${Math.round((blinks * blinkMs) / 1000)} seconds.`
  }

/** From what switches it otherwise, which stands in brackets; absent when the agent may not. */
function takeOver(light: string): string | undefined {
  try {
    const [, trigger = 'none'] = /\[(.+?)\]/.exec(readFileSync(join(light, 'trigger'), 'utf8')) ?? []
    writeFileSync(join(light, 'trigger'), 'none')
    return trigger
  } catch {
    return undefined
  }
}
