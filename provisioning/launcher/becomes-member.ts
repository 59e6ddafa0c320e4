import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { sleep } from '../../shared/runtime/repeat.ts'
import { Refusal } from './refusal.ts'

type Joining = {
  n: number
  agentSocket: string
  /** What to remove for a new beginning: of the node when it was revoked, of the launcher when the fleet has forgotten it. */
  agentFolder: string
  known: string
  lastWords: () => string
}

/** Resolves once the control plane has taken a heartbeat of a node that runs now; refuses when it never will. */
export async function becomesMember(
  { n, agentSocket, lastWords, ...removable }: Joining,
  patienceMs = 30_000,
) {
  const giveUpAt = Date.now() + patienceMs
  for (;;) {
    const { fleet, cause } = await standing(agentSocket)
    if (fleet === 'accepted') return
    if (fleet === 'barred') throw new Refusal(barredSentence(n, cause, removable))
    if (Date.now() > giveUpAt)
      throw new Refusal(`Node ${n} does not enrol. Its agent said last: ${lastWords()}`)
    await sleep(40)
  }
}

const barredSentence = (
  n: number,
  cause: string | undefined,
  { agentFolder, known }: Pick<Joining, 'agentFolder' | 'known'>,
) =>
  cause === 'node-revoked'
    ? `An operator has revoked node ${n}, and its key for good. Remove ${agentFolder} and start again: that makes a new node of it.`
    : `The control plane does not know node ${n} any more. Remove ${known} and start again: that enrols it anew.`

/** Where the node stands with its fleet, as its agent says; nothing while the agent does not answer. */
function standing(socketPath: string): Promise<{ fleet?: string; cause?: string }> {
  return new Promise((resolve) => {
    const asking = request({ socketPath, path: '/health', timeout: 2000 }, async (response) => {
      resolve(JSON.parse(await text(response).catch(() => '{}')))
    })
    asking.once('timeout', () => asking.destroy())
    asking.once('error', () => resolve({}))
    asking.end()
  })
}
