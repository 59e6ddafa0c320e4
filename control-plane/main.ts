import { createLog } from '@sixcast/shared/runtime/log.ts'
import { controlPlaneApps } from './app.ts'
import { keepBeacons } from './beacons/keep-beacons.ts'
import { readConfig } from './config.ts'
import { openDatabase } from './database/database.ts'
import { reportRound } from './database/report-round.ts'
import { startHousekeeping } from './housekeeping/housekeeping.ts'
import { startLink } from './link/link.ts'
import { closeServers, listen, listenWherePossible } from './listen.ts'
import { mirrorPlanner, startMirrorPlan } from './mirrors/mirror-plan.ts'
import { openRooms } from './rooms.ts'
import { startProberThread } from './start-prober-thread.ts'
import { startRelayNotice } from './streams/relay-notice.ts'
import { watchOrders } from './watch-orders.ts'

const log = createLog('control-plane')
const report = reportRound(log)

async function main() {
  const config = readConfig(process.env)
  const db = await openDatabase(config.databaseUrl, log)
  const rooms = await openRooms(db, config)
  const probing = { databaseUrl: config.databaseUrl, rules: config.probe, controls: config.probeControls }
  const prober = startProberThread(probing, die)
  const look = (nodeId: string) => void prober.probeNow(nodeId)
  const link = await startLink({ ...rooms, mqtt: config.mqtt, seemsGone: look, log })
  const planner = mirrorPlanner({ ...rooms, wake: link.wake })
  const mirrorPlan = startMirrorPlan({ planner, report })
  const orders = watchOrders({
    ...{ rooms, wake: link.wake, probeNow: prober.probeNow, report },
    limitsChanged: rooms.limits.limitsChanged,
  })
  const relayNotice = startRelayNotice({ ...rooms, ...config, log, report })
  const beacons = keepBeacons({ ...rooms, report })
  const housekeeping = startHousekeeping({ ...rooms, log, report })
  const lost = (nodeId: string, worth: 'look' | 'watch') =>
    void (worth === 'look' ? prober.probeNow : prober.watchClosely)(nodeId)
  const apps = controlPlaneApps({
    rooms,
    config,
    link,
    mirrorPlanner: planner,
    ...orders,
    appeared: look,
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
  onSignal(async () => {
    await closeServers(servers)
    const loops = [mirrorPlan, prober, relayNotice, orders, housekeeping, link, beacons]
    await Promise.all(loops.map((each) => each.stop()))
    await db.destroy()
  })
}

function onSignal(stop: () => Promise<void>) {
  const end = () => stop().finally(() => process.exit())
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
