import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Verdict } from '../../shared/contract/verdict.ts'
import { Refusal } from './refusal.ts'

export type ListedNode = {
  id: string
  name: string
  claimed?: string
  alive?: { is: boolean }
  reachable: { family: 4 | 6; is: boolean; cause?: string }[]
  streams: string[]
}

/** The control plane's own command line, as an operator uses it. */
export function operatorCommands({
  node,
  root,
  env,
}: {
  node: string
  root: string
  env: Record<string, string>
}) {
  async function run<Answer = Record<string, unknown>>(...command: string[]): Promise<Answer> {
    const asked = promisify(execFile)(node, [`${root}/control-plane/cli.ts`, ...command, '--json'], { env })
    const { stdout } = await asked.catch((error: { stdout?: string; stderr?: string }) => {
      throw new Refusal(`"${command.join(' ')}" failed: ${sentence(error.stderr || error.stdout || '')}`)
    })
    return JSON.parse(stdout)
  }

  return {
    /** A word that enrols one node. */
    claim: async () => String((await run('claim')).claim),
    /** Absent when the operator has one already. */
    async firstPassword() {
      const { password } = await run('password', '--if-none')
      return typeof password === 'string' ? password : undefined
    },
    addStream: (name: string, title: string) => run('stream', 'add', name, '--title', title, '--if-none'),
    /** The secret of a new one. */
    streamKey: async (name: string) => String((await run('stream', 'key', name)).key),
    /** The nodes, as the control plane knows them. */
    listNodes: async () => (await run<{ nodes: ListedNode[] }>('node', 'list')).nodes,
    /** What an installer is told of a node. */
    verdict: (id: string) => run<Verdict>('node', 'verdict', id),
    addOpenStream: (name: string, title: string) =>
      run('stream', 'add', name, '--open', '--title', title, '--if-none'),
  }
}

/** What a failed command said; of a crash the line that names it. */
function sentence(said: string): string {
  const lines = said.trim().split('\n')
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? ''
}
