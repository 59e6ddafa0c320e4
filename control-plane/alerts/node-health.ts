import * as z from 'zod'

const bytes = z.number().nonnegative()

/** What alerts need of a node's metrics. Not every board can tell all of it, and what is told in another form is not told. */
const Measured = z.object({
  measuredAt: z.iso.datetime(),
  storage: z
    .array(
      z.object({
        ...{ mount: z.string(), totalBytes: bytes, usedBytes: bytes },
        wornPercent: z.number().optional().catch(undefined),
      }),
    )
    .catch([])
    .default([]),
  temperatureCelsius: z.number().optional().catch(undefined),
  power: z.object({ undervoltage: z.boolean() }).optional().catch(undefined),
  clock: z.object({ offsetMs: z.number() }).optional().catch(undefined),
})

export type Disk = { mount: string; totalBytes: number; usedBytes: number }
export type NodeHealth = {
  /** When it was heard. */
  at: Date
  disks: Disk[]
  celsius?: number
  undervoltage?: boolean
  /** Of its most worn memory that tells. */
  wornPercent?: number
  /** So far its clock is behind (positive) or ahead. */
  clockOffSeconds: number
}

/** What is smaller holds no video: the partition that a board boots from is meant to be full. */
const LEAST_DISK = 2 ** 30

/** Absent when nobody understands it: it may be of a later release that was taken back. */
export function nodeHealth(text: string, heardAt: Date): NodeHealth | undefined {
  const { data } = Measured.safeParse(parsedJson(text))
  if (!data) return undefined
  const { storage, temperatureCelsius: celsius, power, clock } = data
  const worn = storage.flatMap(({ wornPercent }) => wornPercent ?? [])
  return {
    at: heardAt,
    disks: storage
      .filter(({ totalBytes }) => totalBytes >= LEAST_DISK)
      .map(({ wornPercent: _, ...disk }) => disk),
    ...(celsius !== undefined && { celsius }),
    ...(power && { undervoltage: power.undervoltage }),
    ...(worn.length > 0 && { wornPercent: Math.max(...worn) }),
    // By the time server, if the node can tell; else by when its word came, which also takes some time on its way.
    clockOffSeconds: clock
      ? clock.offsetMs / 1000
      : (heardAt.getTime() - new Date(data.measuredAt).getTime()) / 1000,
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
