import { readFile } from 'node:fs/promises'

export type CardFacts = { writtenBytesPerSecond?: number; wornPercent?: number }

/** Whatever the size of a disk's sectors, the kernel counts so. */
const SECTOR_BYTES = 512
const SECTORS_WRITTEN = 6

type Counted = { bytes: number; at: number }

/** What is written to the devices behind mounts since the look before, and what they say of their age. */
export function cardFacts({ proc = '/proc', sys = '/sys', now = () => performance.now() } = {}) {
  let before = new Map<string, Counted>()

  return async (mounts: string[]): Promise<Map<string, CardFacts>> => {
    const devices = parseMountInfo(await readOr(`${proc}/self/mountinfo`))
    const counted = new Map<string, Counted>()
    const facts = new Map<string, CardFacts>()
    for (const mount of mounts) {
      const device = devices.get(mount)
      if (device === undefined) continue
      const bytes = writtenBytes(await readOr(`${sys}/dev/block/${device}/stat`))
      if (bytes === undefined) continue // in memory, or somewhere else
      const is = { bytes, at: now() }
      counted.set(device, is)
      facts.set(mount, {
        ...rateOf(before.get(device), is),
        ...wearOf(await lifeTime(`${sys}/dev/block/${device}`)),
      })
    }
    before = counted
    return facts
  }
}

/** A counter that began anew tells nothing yet. */
function rateOf(was: Counted | undefined, is: Counted) {
  if (!was || is.bytes < was.bytes || is.at <= was.at) return {}
  return { writtenBytesPerSecond: Math.round(((is.bytes - was.bytes) * 1000) / (is.at - was.at)) }
}

/** proc(5): the third field is the device, the fifth where it is mounted, with spaces as \040. The last mount covers the others. */
export function parseMountInfo(text: string): Map<string, string> {
  const fields = text.split('\n').map((line) => line.split(' '))
  return new Map(
    fields.flatMap(([, , device, , mount]) =>
      device && mount
        ? [[mount.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8))), device]]
        : [],
    ),
  )
}

/** Documentation/admin-guide/iostats.rst: the seventh number is sectors written. */
function writtenBytes(stat: string): number | undefined {
  const sectors = Number(stat.trim().split(/\s+/)[SECTORS_WRITTEN])
  return stat && Number.isFinite(sectors) ? sectors * SECTOR_BYTES : undefined
}

/** A partition's is its disk's. */
const lifeTime = async (device: string) =>
  (await readOr(`${device}/device/life_time`)) || (await readOr(`${device}/../device/life_time`))

/** eMMC 5: two numbers, each a tenth of the life of one kind of its cells, 0x0b beyond the end. The worse of them counts. */
export function wearOf(text: string) {
  const tenths = text
    .trim()
    .split(/\s+/)
    .map(Number)
    .filter((each) => each >= 1 && each <= 11)
  return tenths.length === 0 ? {} : { wornPercent: Math.min(100, (Math.max(...tenths) - 1) * 10) }
}

/** Empty where the machine has no such thing. */
const readOr = (path: string) => readFile(path, 'utf8').catch(() => '')
