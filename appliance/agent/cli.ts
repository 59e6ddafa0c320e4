import { join } from 'node:path'
import type { VerdictLink } from '@sixcast/shared/contract/verdict-link.ts'
import { verdictText } from '@sixcast/shared/contract/verdict-words.ts'
import { printable } from '@sixcast/shared/runtime/printable.ts'
import { qrText } from '@sixcast/shared/runtime/qr-code.ts'
import { awaitVerdict } from './verdict/await-verdict.ts'

const USAGE = `Said on a node, to its agent:

  node appliance/agent/cli.ts verdict   whether viewers outside reach this node, and if not, why; waits up to a minute

RUNTIME_DIRECTORY names the folder of the agent's socket, as it does for the agent.`

const [command, ...more] = process.argv.slice(2)
const folder = process.env.RUNTIME_DIRECTORY

if (command !== 'verdict' || more.length > 0) refuse(USAGE)
else if (!folder) refuse('RUNTIME_DIRECTORY must name the folder of the agent’s socket.')
else await tellVerdict(folder)

async function tellVerdict(runtimeDirectory: string) {
  const asked = await awaitVerdict(join(runtimeDirectory, 'agent.sock'), {}, tellLink)
  if (asked.kind === 'untold') return refuse(printable(asked.cause))
  process.stdout.write(`${verdictText(asked.verdict)}\n`)
  process.exitCode = asked.verdict.is === 'passed' ? 0 : 1
}

/** A picture is for people alone, who stand before the terminal with a phone. */
function tellLink({ url }: VerdictLink) {
  const picture = process.stdout.isTTY ? `${qrText(url)}\n` : ''
  process.stderr.write(`On a phone, for a day: ${printable(url)}\n${picture}\n`)
}

function refuse(sentence: string) {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}
