import { createLog, describe } from '@sixcast/shared/runtime/log.ts'
import { controlPlaneApps } from './app.ts'
import { keepBeacons } from './beacons/keep-beacons.ts'
import { readConfig } from './config.ts'
import { openDatabase } from './database/database.ts'
import { isDatabaseAway } from './database/database-away.ts'
import { startHousekeeping } from './housekeeping/housekeeping.ts'
import { startLink } from './link/link.ts'
import { closeServers, listen, listenWherePossible } from './listen.ts'
import { mirrorPlanner, startMirrorPlan } from './mirrors/mirror-plan.ts'
import { askControls } from './reachability/ask-controls.ts'
import { startProber } from './reachability/prober.ts'
import { takeTurns } from './reachability/take-turns.ts'
import { openRooms } from './rooms.ts'
import { startRelayNotice } from './streams/relay-notice.ts'
import { watchOrders } from './watch-orders.ts'

const log = createLog('control-plane')

async function main() {
  const config = readConfig(process.env)
  const db = await openDatabase(config.databaseUrl, log)
  const rooms = await openRooms(db, config)
  const turn = takeTurns({ ...rooms, name: 'prober', log, report })
  const seesOut = askControls(config.probeControls)
  const prober = startProber({
    ...rooms,
    ...{ rules: config.probe, isOurTurn: turn.isOurs, seesOut, log, report },
  })
  const look = (nodeId: string) => void prober.probeNow(nodeId).catch(report)
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
    worth === 'look' ? look(nodeId) : void prober.watchClosely(nodeId).catch(report)
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
    await turn.stop()
    await db.destroy()
  })
}

/** A lost database stops no loop: the next round asks it again. */
function report(error: unknown) {
  if (isDatabaseAway(error)) log.warn('the database does not answer', { cause: describe(error) })
  else log.error('a round failed', error)
}

function onSignal(stop: () => Promise<void>) {
  const end = () => stop().finally(() => process.exit())
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
}

main().catch((error) => {
  log.error('the control plane could not start', error)
  process.exit(1)
})
