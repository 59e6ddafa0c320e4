import { parseArgs } from 'node:util'
import { createLog, describe } from '@sixcast/shared/runtime/log.ts'
import { readConfig } from './config.ts'
import { openDatabase } from './database/database.ts'
import { operatorCommand, type Said, USAGE } from './operators/operator-commands.ts'
import { openRooms } from './rooms.ts'

const log = createLog('cli', (line) => process.stderr.write(line)) // standard output is the answer's

async function main() {
  const { positionals, values } = readArguments()
  const config = readConfig(process.env)
  const db = await openDatabase(config.databaseUrl, log)
  try {
    const run = operatorCommand(positionals, values, await openRooms(db, config))
    if (!run) throw new Error(USAGE)
    process.stdout.write(`${spoken(await run(), values.json)}\n`)
  } finally {
    await db.destroy()
  }
}

const spoken = ({ sentence, data }: Said, json = false) => (json ? JSON.stringify(data) : sentence)

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        hours: { type: 'string' },
        title: { type: 'string' },
        open: { type: 'boolean' },
        'if-none': { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new Error(`${describe(error)}\n${USAGE}`)
  }
}

main().catch((error) => {
  process.stderr.write(`${describe(error)}\n`)
  process.exitCode = 1
})
