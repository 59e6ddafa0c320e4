import { userInfo } from 'node:os'
import { createLog, describe } from '@sixcast/shared/runtime/log.ts'
import { printable } from '@sixcast/shared/runtime/printable.ts'
import { actingAs } from './audit/actor.ts'
import { readConfig } from './config.ts'
import { openDatabase } from './database/database.ts'
import { databaseSentence } from './database/database-away.ts'
import { type CommandLine, readCommandLine, USAGE } from './operators/command-line.ts'
import { runOperatorCommand } from './operators/operator-commands.ts'
import { openRooms } from './rooms.ts'

const log = createLog('cli', (line) => process.stderr.write(line)) // standard output is the answer's

async function main() {
  const line = readCommandLine(process.argv.slice(2))
  process.stdout.write(`${line === 'help' ? USAGE : await answer(line)}\n`)
}

async function answer(line: CommandLine): Promise<string> {
  const config = readConfig(process.env)
  const db = await openDatabase(config.databaseUrl, log)
  try {
    const rooms = await openRooms(db, config)
    const actor = { who: `${userInfo().username} at the terminal`, source: 'terminal' }
    const { sentence, data } = await actingAs(actor, () => runOperatorCommand(line, rooms))
    return line.json ? printable(JSON.stringify(data)) : sentence.split('\n').map(printable).join('\n')
  } finally {
    await db.destroy()
  }
}

main().catch((error) => {
  const said = databaseSentence(error) ?? describe(error)
  process.stderr.write(`${said.split('\n').map(printable).join('\n')}\n`)
  process.exit(1) // whatever is still open: somebody waits at a terminal
})
