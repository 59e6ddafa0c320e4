import type { Context } from 'hono'
import type { BeaconCount } from '../beacons/beacon-count.ts'
import type { Html } from '../look/html-page.ts'
import { sendChanges } from '../look/send-changes.ts'
import { sharedReading } from '../look/shared-reading.ts'
import type { StreamMirrors } from '../mirrors/stream-mirrors.ts'
import { isDoubted, worstFirst } from '../nodes/node-list.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import type { Fleet } from './fleet-words.ts'

/** An open page must log in anew as anybody else: its events end after so long, and the browser asks for the next. */
export const EVENTS_MS = 5 * 60_000

/** With who copies which stream. */
export type PresentFleet = Fleet & { mirrorsOf: (stream: string) => StreamMirrors }
const HOUR_MS = 3_600_000
/** So many of those that may need somebody are read in full. */
const MOST_DOUBTED = 100
const TOLD_EVERY_MS = 10_000

export type LiveFleet = ReturnType<typeof liveFleet>

/** The fleet as the console's pages see it: once for a page, and again for its events. */
export function liveFleet({
  nodeBriefs,
  nodeViews,
  streamViews,
  incidents,
  mirrorDesk,
  experiences,
  report,
  readEveryMs = 2000,
  now = () => new Date(),
}: ConsoleDependencies) {
  let lately: { at: number; told: Promise<BeaconCount[]> } | undefined

  /** An hour changes slowly, and has many rows. */
  function toldLately() {
    const at = now().getTime()
    if (lately && at - lately.at < TOLD_EVERY_MS) return lately.told
    const told = experiences.listSince(new Date(at - HOUR_MS))
    lately = { at, told }
    told.catch(() => {
      lately = undefined
    })
    return told
  }

  const read = async (): Promise<PresentFleet> => {
    const [nodes, streams, open, told, mirrorsOf] = await Promise.all([
      nodeBriefs.list(),
      streamViews.list(),
      incidents.listOpen(),
      toldLately(),
      mirrorDesk.read(),
    ])
    const doubted = nodes.filter(isDoubted).toSorted(worstFirst).slice(0, MOST_DOUBTED)
    return {
      nodes,
      doubted: await nodeViews.findEach(doubted.map(({ id }) => id)),
      ...{ streams, incidents: open, told, mirrorsOf },
    }
  }
  const changes = sharedReading({ read, everyMs: readEveryMs, report })

  return {
    read,
    /** Sends what `render` makes of the fleet whenever it changes. */
    send: (c: Context, render: (fleet: PresentFleet) => Html | Promise<Html>) =>
      sendChanges(c, {
        of: changes,
        render: async (fleet) => String(await render(fleet)),
        report,
        longestMs: EVENTS_MS,
      }),
  }
}
