import { createLog } from '@sixcast/shared/runtime/log.ts'
import { controlPlaneApp } from './app.ts'
import { readConfig } from './config.ts'
import { openDatabase } from './database/database.ts'
import { listen } from './listen.ts'
import { openRooms } from './rooms.ts'

const log = createLog('control-plane')

async function main() {
  const config = readConfig(process.env)
  const db = await openDatabase(config.databaseUrl, log)
  const rooms = await openRooms(db, config)
  const app = controlPlaneApp({ db, rooms, config, mqttFor: () => undefined, appeared: () => {}, log })
  const servers = await listen(app, { ...config, log })
  log.info('listening', { port: config.port, addresses: config.bind.join(', ') })
  const stop = async () => {
    for (const server of servers) server.close()
    await db.destroy()
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

main().catch((error) => {
  log.error('the control plane could not start', error)
  process.exit(1)
})
