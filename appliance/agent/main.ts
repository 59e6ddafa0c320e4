import { createLog } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { startAgent } from './agent.ts'
import { readAgentConfig } from './agent-config.ts'

/** The launcher kills a second and a half after it has asked. */
const STOP_WITHIN_MS = 1200

const log = createLog('agent')

try {
  const agent = await startAgent(readAgentConfig(process.env), log)
  log.info('the agent runs')
  await new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  await Promise.race([agent.stop(), sleep(STOP_WITHIN_MS)])
  process.exit(0)
} catch (error) {
  log.error('the agent cannot start', error)
  process.exit(1)
}
