import { createLog } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { controlPlaneApps } from './app.ts'
import { keepBeacons } from './beacons/keep-beacons.ts'
import { type Config, readConfig } from './config.ts'
import { openDatabase } from './database/database.ts'
import { reportRound } from './database/report-round.ts'
import { startHousekeeping } from './housekeeping/housekeeping.ts'
import { linkAccess } from './link/link-access.ts'
import type { LinkSettings } from './link-thread.ts'
import { closeServers, listen, listenWherePossible } from './listen.ts'
import { mirrorPlanner, startMirrorPlan } from './mirrors/mirror-plan.ts'
import type { ProberSettings } from './prober-thread.ts'
import { openRooms } from './rooms.ts'
import { startRelayNotice } from './streams/relay-notice.ts'
import { startThread } from './threads/start-thread.ts'
import { watchOrders } from './watch-orders.ts'
import type { WatchSettings } from './watch-thread.ts'

const log = createLog('control-plane')
const report = reportRound(log)

/** What is under way has so long to end; a database that hangs would hold it for minutes. */
const STOP_MS = 9000

async function main() {
  let stop = async () => {}
  onSignal(() => stop())
  const config = readConfig(process.env)
  const db = await openDatabase(config.databaseUrl, log)
  const rooms = await openRooms(db, config)
  const link = linkAccess({ ...rooms, ...config })
  const { probeNow, watchClosely, ...prober } = startProber(config)
  const broker = startBroker(config, (nodeId) => void probeNow(nodeId))
  const watch = startWatch(config)
  await Promise.all([prober.ready, broker.ready, watch.ready])
  const planner = mirrorPlanner({ ...rooms, wake: broker.wake })
  const mirrorPlan = startMirrorPlan({ planner, report })
  const orders = watchOrders({
    ...{ rooms, wake: broker.wake, probeNow, report },
    limitsChanged: rooms.limits.limitsChanged,
  })
  const relayNotice = startRelayNotice({ ...rooms, ...config, log, report })
  const beacons = keepBeacons({ ...rooms, report })
  const housekeeping = startHousekeeping({ ...rooms, log, report })
  const lost = (nodeId: string, worth: 'look' | 'watch') =>
    void (worth === 'look' ? probeNow : watchClosely)(nodeId)
  const apps = controlPlaneApps({
    rooms,
    config,
    link,
    mirrorPlanner: planner,
    ...orders,
    appeared: (nodeId) => void probeNow(nodeId),
    beacons,
    lost,
    log,
    report,
  })
  const servers = [
    ...(await listen(apps.forAll, { ...config, log })),
    ...(await listenWherePossible(apps.forViewers, { ...config, bind: config.viewerBind, log })),
  ]
  log.info('listening', { port: config.port, addresses: [...config.bind, ...config.viewerBind].join(', ') })
  stop = async () => {
    await closeServers(servers)
    const loops = [mirrorPlan, prober, relayNotice, orders, housekeeping, broker, beacons, watch]
    await Promise.all(loops.map((each) => each.stop()))
    await db.destroy()
  }
}

/** What it cannot do it reports itself. */
function startProber({ databaseUrl, probe: rules, probeControls: controls }: Config) {
  const settings: ProberSettings = { databaseUrl, rules, controls }
  const thread = startThread(new URL('prober-thread.ts', import.meta.url), settings, { died: die })
  return {
    /** Asks this node now: it has just come, moved, or seems to be gone. */
    probeNow: (nodeId: string) => thread.ask('probeNow', nodeId),
    /** Viewers have lost this node: it is looked at until it is found or has fallen. */
    watchClosely: (nodeId: string) => thread.ask('watchClosely', nodeId),
    ...{ ready: thread.ready, stop: thread.stop },
  }
}

function startWatch({ databaseUrl, publicUrl, mailServer, cdnPorts }: Config) {
  const settings: WatchSettings = { databaseUrl, publicUrl, mailServer, cdnPorts }
  return startThread(new URL('watch-thread.ts', import.meta.url), settings, { died: die })
}

function startBroker({ databaseUrl, mqtt }: Config, seemsGone: (nodeId: string) => void) {
  const settings: LinkSettings = { databaseUrl, mqtt }
  const thread = startThread(new URL('link-thread.ts', import.meta.url), settings, {
    died: die,
    heard: seemsGone,
  })
  return { ...thread, wake: (nodeId: string) => void thread.ask('wake', nodeId) }
}

function onSignal(stop: () => Promise<void>) {
  async function end() {
    const ended = await Promise.race([stop().then(() => true), sleep(STOP_MS).then(() => false)]).catch(
      (error: unknown) => {
        log.error('the control plane has not stopped in an orderly way', error)
        process.exitCode = 1
        return true
      },
    )
    if (!ended)
      log.warn('the control plane stops, though not everything has ended', { within: `${STOP_MS} ms` })
    process.exit()
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
}

function die(error: unknown) {
  log.error('the control plane could not go on', error)
  process.exit(1)
}

main().catch((error) => {
  log.error('the control plane could not start', error)
  process.exit(1)
})
