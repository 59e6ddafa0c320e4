import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import type { Diagnostics } from '@sixcast/shared/contract/node-command.ts'
import { describe } from '@sixcast/shared/runtime/log.ts'
import type { Answer } from '../requests/answer.ts'
import type { Deed } from './do-commands.ts'
import { withoutSecrets } from './without-secrets.ts'

/** Of each section; a dozen of them stay well below what the control plane takes. */
const SECTION_LETTERS = 150_000
const LOG_BYTES = 120_000

type Dependencies = {
  /** By name: what is told of the node beside its logs. */
  facts: Record<string, () => unknown>
  /** The files in which its units' words are kept. */
  logFiles: string[]
  upload: (id: string, bundle: Diagnostics) => Promise<Answer<unknown>>
}

/** Collects what somebody needs who is to mend this node, and sends it, without secrets. */
export const collectDiagnostics =
  ({ facts, logFiles, upload }: Dependencies): Deed =>
  async ({ id }) => {
    const told = await Promise.all(
      Object.entries(facts).map(async ([name, fact]) => section(name, await factText(fact))),
    )
    const logs = logFiles.slice(0, 10).map((path) => section(basename(path), tail(path)))
    const sections = [...told, ...(logs.length ? logs : [section('logs', NO_LOGS)])]
    const answer = await upload(id, { sections })
    if (answer.kind === 'away') throw new Error(`They could not be sent: ${answer.cause}`)
    if (answer.kind === 'refused')
      throw new Error(`The control plane does not take them: ${answer.message ?? answer.code}`)
    return `${sections.length} sections were sent: ${sections.map(({ name }) => name).join(', ')}.`
  }

const NO_LOGS = 'This agent was not told where its units keep their logs (LOG_FILES).'

const section = (name: string, text: string) => ({
  name: name.slice(0, 100),
  text: withoutSecrets(text).slice(-SECTION_LETTERS),
})

/** One that cannot be told keeps none of the others back. */
async function factText(fact: () => unknown): Promise<string> {
  try {
    return JSON.stringify(await fact(), undefined, 2) ?? 'not known'
  } catch (error) {
    return describe(error)
  }
}

/** The last words of a log, from the beginning of a line. */
function tail(path: string): string {
  try {
    const file = openSync(path, 'r')
    try {
      const { size } = fstatSync(file)
      const from = Math.max(0, size - LOG_BYTES)
      const bytes = Buffer.alloc(size - from)
      readSync(file, bytes, 0, bytes.length, from)
      const text = bytes.toString('utf8')
      return from === 0 ? text : text.slice(text.indexOf('\n') + 1)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    return describe(error)
  }
}
