import { workerData } from 'node:worker_threads'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { startAlerts } from './alerts/watch-alerts.ts'
import type { Config } from './config.ts'
import { openDatabase } from './database/database.ts'
import { reportRound } from './database/report-round.ts'
import { watchHappenings } from './happenings/watch-happenings.ts'
import { openRooms } from './rooms.ts'
import { serveMain } from './threads/in-thread.ts'
import { takeTurns } from './turns/take-turns.ts'
import { turnRepository } from './turns/turn-repository.ts'

export type WatchSettings = Pick<Config, 'databaseUrl' | 'publicUrl' | 'mailServer' | 'cdnPorts'>

// Looks at the whole fleet every few seconds, for alerts and for what has happened: of ten thousand nodes that is a fifth of a second
// each time, for which no heartbeat should wait.
const settings: WatchSettings = workerData
const log = createLog('control-plane')
const report = reportRound(log)

const db = await openDatabase(settings.databaseUrl, log)
const rooms = await openRooms(db, settings)
const turn = takeTurns({ turns: turnRepository(db), name: 'watch', log, report })
const shared = { ...rooms, ...settings, isOurTurn: turn.isOurs, log, report }
const [happenings, alerts] = [watchHappenings(shared), startAlerts(shared)]

serveMain({
  async stop() {
    await Promise.all([happenings.stop(), alerts.stop()])
    await turn.stop()
    await db.destroy()
  },
})
