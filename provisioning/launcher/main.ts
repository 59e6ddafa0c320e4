import { resolve } from 'node:path'
import { execPath } from 'node:process'
import { isNetwork } from '../../control-plane/addresses/forwarded-source.ts'
import { HELP, parseLaunchOptions } from './launch-options.ts'
import { machineAddresses } from './machine-addresses.ts'
import { refusalSentence } from './refusal.ts'
import { runFleet } from './run-fleet.ts'
import { terminal } from './terminal.ts'
import { unitEnvironment } from './unit-environment.ts'

process.umask(0o077) // keys and databases lie in the state folder
process.stdout.on('error', () => {}) // whoever read along is gone; the fleet runs on
const screen = terminal()
const root = resolve(import.meta.dirname, '../..')
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())

try {
  const options = parseLaunchOptions(process.argv.slice(2), `${root}/.sixcast`)
  if (options.help) screen.say(HELP)
  else
    await runFleet({
      ...options,
      root,
      node: execPath,
      addresses: machineAddresses(),
      databaseUrl: process.env.DATABASE_URL,
      mqttUrl: process.env.MQTT_URL,
      mail: mailSettings(process.env),
      trustedProxies: networksIn(process.env.TRUSTED_PROXIES),
      env: unitEnvironment(process.env),
      screen,
      signal: stopping.signal,
    })
  process.exit(0)
} catch (error) {
  process.stderr.write(`${refusalSentence(error)}\n`)
  process.exit(1)
}

function mailSettings({ SMTP_URL, MAIL_FROM }: NodeJS.ProcessEnv): Record<string, string> {
  return { ...(SMTP_URL ? { SMTP_URL } : {}), ...(MAIL_FROM ? { MAIL_FROM } : {}) }
}

/** For the nodes' nginx. The control plane refuses to start with what is none. */
function networksIn(list = ''): string[] {
  return list
    .split(',')
    .map((network) => network.trim())
    .filter(isNetwork)
}
