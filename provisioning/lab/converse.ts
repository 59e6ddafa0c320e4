import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe } from '../../shared/runtime/log.ts'
import { Refusal } from '../launcher/refusal.ts'
import type { Terminal } from '../launcher/terminal.ts'
import type { LabOptions } from './lab-options.ts'
import type { Answer } from './perform-verb.ts'
import { parseVerb, type Verb } from './verbs.ts'

type Conversation = Pick<LabOptions, 'nodes' | 'json'> & {
  script: string | undefined
  perform: (verb: Verb) => Promise<Answer>
  screen: Terminal
}

type Outcome = Answer & { is: 'done' | 'refused' | 'failed'; over: boolean }

/** Takes one verb after the other: from a script, a program or a person. Gives back the exit code. */
export async function converse({ script, json, nodes, perform, screen }: Conversation): Promise<number> {
  const does = (line: string) => outcomeOf(line, nodes, perform)
  if (script !== undefined) return readScript(script, does, screen)
  if (json) return answerProgram(does)
  return talk(does, screen)
}

type Does = (line: string) => Promise<Outcome>

async function outcomeOf(line: string, nodes: number, perform: Conversation['perform']): Promise<Outcome> {
  try {
    const verb = parseVerb(line, nodes)
    if (!verb) return { is: 'done', said: '', over: false }
    return { is: 'done', ...(await perform(verb)), over: verb.name === 'quit' }
  } catch (error) {
    const is = error instanceof Refusal ? 'refused' : 'failed'
    return { is, said: describe(error), over: false }
  }
}

async function readScript(script: string, does: Does, { say }: Terminal): Promise<number> {
  for (const line of script.split('\n')) {
    if (line.trim()) say(`lab> ${line}`)
    const { is, said, over } = await does(line)
    if (said) say(said)
    if (is !== 'done') return 1
    if (over) break
  }
  return 0
}

/** A line of JSON for each line that comes; the first says that the lab is up. */
async function answerProgram(does: Does): Promise<number> {
  const answer = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
  answer({ is: 'done', said: 'The lab is up.' })
  for await (const line of createInterface({ input: process.stdin })) {
    const { over, ...outcome } = await does(line)
    answer(outcome)
    if (over) break
  }
  return 0
}

async function talk(does: Does, { say }: Terminal): Promise<number> {
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: 'lab> ' })
  const typed = lines[Symbol.asyncIterator]() // from now on, or what is typed meanwhile would be lost
  const interrupted = once(lines, 'SIGINT') // whatever is being done, and waited for
  say(`\n${(await does('status')).said}\n\nhelp lists what you can do, Ctrl-C ends the lab.`)
  const ask = () => process.stdin.isTTY && lines.prompt()
  await Promise.race([takeTurns(typed, does, { ask, say }), interrupted])
  say('\nThe lab ends.')
  return 0
}

async function takeTurns(
  typed: AsyncIterableIterator<string>,
  does: Does,
  { ask, say }: { ask: () => void; say: Terminal['say'] },
) {
  ask()
  for await (const line of typed) {
    const { said, over } = await does(line)
    if (said) say(said)
    if (over) return
    ask()
  }
}
