import { randomBytes } from 'node:crypto'
import { verifyText } from '@sixcast/shared/contract/identity-key.ts'
import { type ProbeQuery, ProbeReply, probeText } from '@sixcast/shared/contract/probe.ts'
import { ProblemBody } from '@sixcast/shared/contract/problem.ts'
import { describe } from '@sixcast/shared/runtime/log.ts'
import { fetchOnce } from './fetch-once.ts'
import { failureOf, type ProbeFailure, probeCause } from './probe-failure.ts'
import { hasWayTo } from './way-out.ts'

type Asked = { nodeId: string; publicKey: string; address: string; port: number }
export type ProbeResult =
  | { is: 'found' }
  | { is: 'missed'; failure: ProbeFailure; cause: string }
  /** The prober itself could not ask: nothing is known of the node. */
  | { is: 'unasked'; cause: string }

/**
 * Asks a node where viewers ask it. At its CDN endpoint one of a release before this finds nothing under /probe; then it must sign
 * at its playback port.
 */
export async function askNode(
  { cdn, playback }: { cdn: number; playback: number },
  node: Omit<Asked, 'port'>,
): Promise<ProbeResult> {
  const result = await askProbe({ ...node, port: cdn })
  if (result.is !== 'missed' || result.failure !== 'moved' || cdn === playback) return result
  const older = await askProbe({ ...node, port: playback })
  return older.is === 'found' ? older : result
}

/** Knocks at a node from outside. The node signs our nonce, so an address that now belongs to somebody else's box does not pass. */
async function askProbe(node: Asked): Promise<ProbeResult> {
  const query = { nonce: randomBytes(24).toString('base64url'), address: node.address }
  let connected = false
  try {
    const { status, text } = await fetchOnce({
      host: node.address,
      port: node.port,
      path: `/probe?${new URLSearchParams(query)}`,
      connected: () => {
        connected = true
      },
    })
    return judge(status, text, node, query)
  } catch (error) {
    return await judgeError(error, node, connected)
  }
}

function judge(status: number, text: string, node: Asked, query: ProbeQuery): ProbeResult {
  if (status === 200) return isSigned(text, node, query) ? { is: 'found' } : missed('somebody-else', node)
  const cause = `The node answers ${status} to the probe.`
  if (status === 404) return missed(isOurs(text) ? 'moved' : 'somebody-else', node)
  return status === 503 ? missed('agent-away', node) : { is: 'missed', failure: 'broken', cause }
}

function isSigned(text: string, { nodeId, publicKey }: Asked, query: ProbeQuery): boolean {
  const reply = ProbeReply.safeParse(parsedJson(text))
  return (
    reply.success &&
    reply.data.nodeId === nodeId &&
    verifyText(probeText(nodeId, query), reply.data.signature, publicKey)
  )
}

/** A node says that there is nothing in the words of the fleet; another's web server says it in its own. */
const isOurs = (text: string) => ProblemBody.safeParse(parsedJson(text)).success

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const missed = (failure: ProbeFailure, node: Asked): ProbeResult => ({
  is: 'missed',
  failure,
  cause: probeCause(failure, node),
})

async function judgeError(error: unknown, node: Asked, connected: boolean): Promise<ProbeResult> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (error instanceof Error && error.name === 'TimeoutError')
    return missed(connected ? 'hangs' : 'silent', node)
  const hasWay = code !== 'ENETUNREACH' || (await hasWayTo(node.address))
  const failure = failureOf(code, { connected, hasWay })
  return failure === undefined
    ? { is: 'unasked', cause: describe(error).slice(0, 200) }
    : missed(failure, node)
}
