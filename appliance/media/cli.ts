import { once } from 'node:events'
import { readCommand } from './client/command-line.ts'
import { runCommand } from './client/run-command.ts'

const ending = new AbortController()
void once(process, 'SIGINT').then(() => ending.abort())

async function main() {
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  await runCommand(readCommand(process.argv.slice(2)), { say, signal: ending.signal })
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.message.replaceAll(/[^\P{C}\n]/gu, ' ')}\n`)
    process.exit(1)
  },
)
